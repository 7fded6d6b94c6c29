import { ChevronLeft, ChevronRight } from "lucide";
import { t } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import "./pager.css";

/** Steps through the pages of a list; nothing when all fits on one. */
export function Pager({ page, count, size, onPage }: { page: number; count: number; size: number; onPage: (page: number) => void }) {
  const pages = Math.max(1, Math.ceil(count / size));
  if (pages === 1) return null;
  return (
    <nav class="pager" aria-label={t.common.pages}>
      <Button kind="quiet" icon={ChevronLeft} label={t.common.pageBefore} disabled={page <= 1} onClick={() => onPage(page - 1)} />
      <span class="number soft">{t.common.pageOf(page, pages, count)}</span>
      <Button kind="quiet" icon={ChevronRight} label={t.common.pageAfter} disabled={page >= pages} onClick={() => onPage(page + 1)} />
    </nav>
  );
}
