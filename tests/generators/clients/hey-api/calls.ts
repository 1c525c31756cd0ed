// Calls the platform with the client that @hey-api/openapi-ts made: URL, client, secret and the code of an agency.
import { enterAgency, listAgencies, readAgency } from "./made";
import { client } from "./made/client.gen";

async function main([url, name, secret, code]: string[]): Promise<object> {
  const granted = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  client.setConfig({ baseUrl: url, auth: token });
  const created = await enterAgency({
    body: { code, kind: "member_department", name: "示范成员单位", division: "370000" },
    headers: { "Idempotency-Key": `once-${code}` },
    throwOnError: true,
  });
  const listed = await listAgencies({ query: { kind: ["city", "member_department"], limit: 200 }, throwOnError: true });
  const read = await readAgency({ path: { code }, throwOnError: true });
  const refused = await readAgency({ path: { code: "NOBODY" } });
  return {
    created: created.data.id,
    listed: listed.data.items.map((one) => one.id),
    read: [read.data.name, read.data.kind],
    refused: refused.error?.code,
  };
}

main(process.argv.slice(2)).then((found) => process.stdout.write(JSON.stringify(found)));
