import type { Browser } from "../../call/browser.ts";
import { type Affected, type Trouble, explain } from "../../call/device_trouble.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { Button } from "../../ui/button.tsx";

/** What is wrong with a device, what to press in this very browser, and the second try. */
export function TroubleCard({ device, trouble, browser, onRetry }: { device: Affected; trouble: Trouble; browser: Browser; onRetry: () => void }) {
  const said = explain(trouble, device, browser);
  return (
    <section class="trouble" aria-live="polite">
      <h3>{said.title}</h3>
      <p>{said.why}</p>
      <ol>{said.steps.map((step) => <li key={step}>{step}</li>)}</ol>
      {said.retry ? <Button onClick={onRetry}>{t.tryAgain}</Button> : null}
    </section>
  );
}
