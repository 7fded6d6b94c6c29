import { MapPinOff } from "lucide";
import { t } from "../i18n/index.ts";
import { useTitle } from "../shell/title.ts";
import { LinkButton } from "../ui/button.tsx";
import { Empty } from "../ui/load_state.tsx";

/** Any address that leads nowhere. */
export function NotFoundPage() {
  useTitle(t.notFound.title);
  return <Empty icon={MapPinOff} title={t.notFound.title} action={<LinkButton href="/" kind="primary">{t.notFound.home}</LinkButton>}>{t.notFound.text}</Empty>;
}
