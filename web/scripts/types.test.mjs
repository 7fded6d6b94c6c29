import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { typesOf } from "./types.mjs";

describe("the types of the server's answers", () => {
  it("are those of docs/openapi.json; if not, run `npm run types`", () => {
    const document = JSON.parse(readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"));
    expect(readFileSync(new URL("../src/api/schema.ts", import.meta.url), "utf8")).toBe(typesOf(document));
  });

  it("follow every kind of schema that the description uses", () => {
    const text = typesOf({
      components: {
        schemas: {
          Thing: {
            type: "object",
            description: "A thing.\nOn two lines.",
            required: ["id", "kind"],
            properties: {
              id: { type: "integer" },
              kind: { type: "string", enum: ["A", "B"] },
              none: { type: ["string", "null"] },
              other: { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/Other" }] },
              list: { type: "array", items: { type: ["number", "null"] } },
              "odd-key": { type: "boolean" },
            },
          },
          Other: { allOf: [{ $ref: "#/components/schemas/Thing" }, { type: "object", required: ["more"], properties: { more: { type: "object", additionalProperties: { type: "string" } } } }] },
        },
      },
    });
    expect(text).toContain("/** A thing. On two lines. */\nexport interface Thing {");
    expect(text).toContain("  id: number;\n  kind: \"A\" | \"B\";\n  none?: string | null;\n  other?: null | Other;\n  list?: (number | null)[];\n  \"odd-key\"?: boolean;");
    expect(text).toContain("export type Other = Thing & {\n  more: {\n    [key: string]: string;\n  };\n};");
  });
});
