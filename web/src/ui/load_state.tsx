import type { IconNode } from "lucide";
import type { ComponentChildren } from "preact";
import { explain } from "../api/errors.ts";
import { t } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import "./load_state.css";

/** Grey bars in the place of text that is on its way. `lines` of them, or the shape of rows. */
export function Skeleton({ lines = 3, rows = false }: { lines?: number; rows?: boolean }) {
  return (
    <div class={rows ? "skeleton rows-skeleton" : "skeleton"} role="status">
      <span class="visually-hidden">{t.common.loading}</span>
      {Array.from({ length: lines }, (_, index) => <i key={index} />)}
    </div>
  );
}

/** Nothing here yet: what this is, and what to do first. */
export function Empty({ icon, title, children, action, page = false }: { icon: IconNode; title: string; /** It is the whole page: its title is the heading of the page. */ page?: boolean; children?: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon of={icon} />
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children ? <p>{children}</p> : null}
      {action ? <div>{action}</div> : null}
    </div>
  );
}

/** Something could not be loaded: why, and the button that tries again. */
export function LoadError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return <Notice tone="danger" title={t.errors.loadTitle} action={<Button onClick={onRetry}>{t.common.tryAgain}</Button>}>{explain(error)}</Notice>;
}
