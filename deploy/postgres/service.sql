-- Makes a service's database and its two roles. `<service>_owner` owns the database and makes its tables by the migrations;
-- `<service>` is the role that the service runs as: it has the rights that the migrations give it, and no others.
-- Read by psql with the variable `service`; the passwords come by the environment, where no list of processes shows them.
\getenv password SERVICE_PASSWORD
\getenv owner_password OWNER_PASSWORD
\set owner :service _owner
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"owner" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
