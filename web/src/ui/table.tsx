import type { ComponentChildren } from "preact";
import "./table.css";

export interface Column<T> {
  key: string;
  title: string;
  cell: (row: T) => ComponentChildren;
  /** Figures stand at the end of their column, so that they can be compared. */
  figure?: boolean;
  /** The heading of the row; on a phone the title of its card. */
  main?: boolean;
  /** Stays on one line where there is room for a table: names, states. */
  keep?: boolean;
  /** The title is read out but not shown: a column of buttons. */
  quietTitle?: boolean;
  /** Shown without its title on a phone card. */
  bare?: boolean;
}

/** A table that becomes cards on a phone. The main cell's link, if it has the class `stretch`, covers the whole row. */
export function Table<T extends { id: number }>({ caption, columns, rows, stale = false }: { caption: string; columns: readonly Column<T>[]; rows: readonly T[]; stale?: boolean }) {
  return (
    <table class={stale ? "table card stale" : "table card"} role="table">
      <caption class="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">{columns.map((column) => <th key={column.key} role="columnheader" scope="col" class={column.figure ? "figure" : undefined}>{column.quietTitle ? <span class="visually-hidden">{column.title}</span> : column.title}</th>)}</tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.id} role="row">
            {columns.map((column) => {
              const name = [column.figure ? "figure number" : "", column.main ? "main" : "", column.bare ? "bare" : "", column.keep ? "keep" : ""].filter(Boolean).join(" ") || undefined;
              return column.main
                ? <th key={column.key} role="rowheader" scope="row" class={name} data-title={column.title}>{column.cell(row)}</th>
                : <td key={column.key} role="cell" class={name} data-title={column.title}>{column.cell(row)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
