/** The notes are one text for the server and four fields for the doctor. Both ways lose nothing. */
export const SECTIONS = ["What the patient says", "Findings", "Assessment", "Plan"] as const;
export type Section = (typeof SECTIONS)[number];

export interface NoteParts {
  /** Text before the first heading: notes that were not written here. */
  readonly free: string;
  readonly fields: Readonly<Record<Section, string>>;
}

const EMPTY: Record<Section, string> = { "What the patient says": "", Findings: "", Assessment: "", Plan: "" };

export function splitNotes(text: string): NoteParts {
  const fields = { ...EMPTY };
  const free: string[] = [];
  let into: string[] = free;
  const collected = new Map<Section, string[]>();
  for (const line of text.split("\n")) {
    const heading = SECTIONS.find((section) => line.trim() === `${section}:`);
    // A heading a second time is text of the section it stands in: nothing may be overwritten.
    if (heading && !collected.has(heading)) {
      into = [];
      collected.set(heading, into);
    } else into.push(line);
  }
  for (const [section, lines] of collected) fields[section] = trimLines(lines);
  return { free: trimLines(free), fields };
}

export function joinNotes(parts: NoteParts): string {
  const blocks = [parts.free, ...SECTIONS.filter((s) => parts.fields[s].trim() !== "").map((s) => `${s}:\n${parts.fields[s]}`)];
  return blocks.filter((block) => block.trim() !== "").join("\n\n");
}

/** Blank lines around a section belong to the layout, not to the text. */
function trimLines(lines: readonly string[]): string {
  return lines.join("\n").replace(/^\n+|\n+$/g, "");
}
