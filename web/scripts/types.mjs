// Writes src/api/schema.ts, the types of the server's answers, from docs/openapi.json. `node scripts/types.mjs` writes, the test compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../docs/openapi.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/api/schema.ts", import.meta.url));

/** The text of schema.ts for an OpenAPI 3.1 document: one exported type for each of its schemas. */
export function typesOf(document) {
  const schemas = document.components?.schemas ?? {};
  const parts = Object.keys(schemas).toSorted().map((name) => {
    const schema = schemas[name];
    const head = comment(schema.description, "");
    const body = schema.type === "object" && schema.properties ? `export interface ${nameOf(name)} ${objectOf(schema, "")}` : `export type ${nameOf(name)} = ${typeOf(schema, "")};`;
    return head + body;
  });
  return `// Made from docs/openapi.json by \`npm run types\`; do not edit.\n\n${parts.join("\n\n")}\n`;
}

function typeOf(schema, indent) {
  if (schema === true || schema === undefined) return "unknown";
  if (schema.$ref) return nameOf(schema.$ref.split("/").pop());
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  for (const key of ["oneOf", "anyOf"]) if (schema[key]) return union(schema[key].map((one) => typeOf(one, indent)));
  if (schema.allOf) return schema.allOf.map((one) => typeOf(one, indent)).join(" & ");
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)));
  switch (schema.type) {
    case "string": return "string";
    case "integer":
    case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": {
      const item = typeOf(schema.items, indent);
      return item.includes(" ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
    }
    case "object": return objectOf(schema, indent);
    default: return schema.properties ? objectOf(schema, indent) : "unknown";
  }
}

function objectOf(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([key, value]) => `${comment(value.description, inner)}${inner}${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}${required.has(key) ? "" : "?"}: ${typeOf(value, inner)};`);
  if (schema.additionalProperties) fields.push(`${inner}[key: string]: ${typeOf(schema.additionalProperties, inner)};`);
  return fields.length === 0 ? "Record<string, unknown>" : `{\n${fields.join("\n")}\n${indent}}`;
}

function comment(text, indent) {
  if (!text) return "";
  return `${indent}/** ${text.trim().replaceAll(/\s+/g, " ").replaceAll("*/", "* /")} */\n`;
}

const union = (types) => [...new Set(types)].join(" | ");
const nameOf = (name) => name.replaceAll(/\W/g, "_");

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, typesOf(JSON.parse(readFileSync(SOURCE, "utf8"))));
