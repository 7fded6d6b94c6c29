import { LockKeyhole, MapPinOff } from "lucide";
import { t } from "../i18n/index.ts";
import type { User } from "../api/types.ts";
import { startOf } from "../shell/access.ts";
import { useTitle } from "../shell/title.ts";
import { LinkButton } from "../ui/button.tsx";
import { Empty } from "../ui/load_state.tsx";

/** Any address that leads nowhere. */
export function NotFoundPage() {
  useTitle(t.notFound.title);
  return <Empty page icon={MapPinOff} title={t.notFound.title} action={<LinkButton href="/" kind="primary">{t.notFound.home}</LinkButton>}>{t.notFound.text}</Empty>;
}

/** A page that is not for this role. */
export function ForbiddenPage({ user }: { user: User }) {
  useTitle(t.forbidden.title);
  return <Empty page icon={LockKeyhole} title={t.forbidden.title} action={<LinkButton href={startOf(user.role)} kind="primary">{t.notFound.home}</LinkButton>}>{t.forbidden.text(t.roles[user.role])}</Empty>;
}
