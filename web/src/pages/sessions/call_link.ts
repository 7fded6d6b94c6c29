import { board as b } from "../../i18n/board_en.ts";
import { t } from "../../i18n/index.ts";
import { toast } from "../../ui/toast.tsx";

/** Copies the address of a call. It opens nothing by itself: whoever follows it has to sign in. */
export async function copyCallLink(session: number): Promise<void> {
  const link = `${location.origin}/telemedicine/${session}/call`;
  try {
    await navigator.clipboard.writeText(link);
    toast(b.linkCopied);
  } catch {
    // No clipboard on plain http.
    toast(t.common.copyFailed(link), { tone: "danger" });
  }
}
