// Prints the JSON Schemas of a list in a file that ajv refuses in its strictest mode, by their `$id`, with the reason.
const { readFileSync } = require("node:fs");
const Ajv = require("ajv/dist/2020").default;
const formats = require("ajv-formats").default;

const ajv = formats(new Ajv({ strict: true, strictTypes: true, strictTuples: true, strictRequired: true, logger: false }));
const schemas = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const refused = {};
ajv.addSchema(schemas);
for (const { $id } of schemas) {
  try {
    ajv.getSchema($id);
  } catch (error) {
    refused[$id] = error.message;
  }
}
process.stdout.write(JSON.stringify(refused));
