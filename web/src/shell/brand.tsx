import { t } from "../i18n/index.ts";

/** The mark and the name. */
export function Brand() {
  return (
    <>
      <svg viewBox="0 0 28 28" aria-hidden="true">
        <rect width="28" height="28" rx="8" fill="var(--accent)" />
        <path d="M6 15h4l2.5-6 4 11 2.5-5h3" fill="none" stroke="var(--on-accent)" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
      </svg>
      {" "}{t.brand}
    </>
  );
}
