-- Makes a service's role and its database: the role owns it, and nobody else may connect.
-- Read by psql with the variable `service`; the password comes by the environment, where no list of processes shows it.
\getenv password SERVICE_PASSWORD
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
