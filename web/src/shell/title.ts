import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";

/** Names the page in the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t.brand}` : t.brand;
  }, [title]);
}
