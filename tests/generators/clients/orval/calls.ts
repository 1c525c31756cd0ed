// Calls the platform with the client that orval made: URL, client, secret and the code of an agency.
import axios, { AxiosError, type AxiosRequestConfig } from "axios";
import { AgencyKind, enterAgency, listAgencies, readAgency, type Problem } from "./client";

async function main([url, name, secret, code]: string[]): Promise<object> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  const granted = await axios.post(`${url}/oauth/token`, form, { auth: { username: name, password: secret } });
  const caller: AxiosRequestConfig = {
    baseURL: url,
    headers: { Authorization: `Bearer ${granted.data.access_token}` },
    paramsSerializer: { indexes: null }, // axios writes a list as `kind[]` by default, and `kind` again and again with this
  };
  const body = { code, kind: AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT, name: "示范成员单位", division: "370000" };
  const writing = { ...caller, headers: { ...caller.headers, "Idempotency-Key": `once-${code}` } };
  const created = await enterAgency(body, writing);
  const kind = [AgencyKind.AGENCY_KIND_CITY, AgencyKind.AGENCY_KIND_MEMBER_DEPARTMENT];
  const listed = await listAgencies({ kind, limit: 200 }, caller);
  const read = await readAgency(code, caller);
  const refused = await readAgency("NOBODY", caller).then(
    () => "nothing",
    (error: AxiosError<Problem>) => error.response?.data.code,
  );
  return {
    created: created.data.id,
    listed: listed.data.items.map((one) => one.id),
    read: [read.data.name, read.data.kind],
    refused,
  };
}

main(process.argv.slice(2)).then((found) => process.stdout.write(JSON.stringify(found)));
