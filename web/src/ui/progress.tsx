import "./progress.css";

/** How far something is, in 0..1, with the step it is at and what is left. Without `done` it only says that work goes on. */
export function Progress({ label, done, note }: { label: string; done?: number; note?: string }) {
  return (
    <div class="progress">
      <div><span>{label}</span>{note ? <span class="faint">{note}</span> : null}</div>
      <progress aria-label={label} max={1} {...(done === undefined ? {} : { value: done })} />
    </div>
  );
}
