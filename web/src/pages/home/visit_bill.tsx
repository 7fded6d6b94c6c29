import { useState } from "preact/hooks";
import { visits } from "../../api/calls.ts";
import type { Visit } from "../../api/types.ts";
import { useLoad } from "../../data/use_load.ts";
import { homeWords as w } from "../../i18n/home_en.ts";
import { t } from "../../i18n/index.ts";
import { moneyWords } from "../../money/money.ts";
import { LoadError, Skeleton } from "../../ui/load_state.tsx";
import { Time } from "../../ui/time.tsx";
import { BillSummary } from "../visits/bill_summary.tsx";

/** Charges and payments of a visit; asked for when they are first looked at. */
export function VisitBill({ visit }: { visit: Visit }) {
  const [seen, setSeen] = useState(false);
  const loaded = useLoad(
    seen ? `bill ${visit.id}` : null,
    async (signal) => {
      const [charges, payments, summary] = await Promise.all([visits.charges(visit.id, signal), visits.payments(visit.id, signal), visits.summary(visit.id, signal)]);
      return { charges, payments, summary };
    },
    { kinds: ["visit"] },
  );
  const bill = loaded.data;
  return (
    <div class="own-bill" ref={(element) => { element?.closest("details")?.addEventListener("toggle", () => setSeen(true), { once: true }); }}>
      {loaded.error ? <LoadError error={loaded.error} onRetry={loaded.reload} /> : null}
      {bill ? (
        <>
          {bill.charges.length === 0 ? <p class="soft">{w.chargesNone}</p> : (
            <ul class="lines" aria-label={w.charges}>
              {bill.charges.map((charge) => <li key={`c${charge.id}`}><span class="grow">{charge.description}</span><span class="number figure">{moneyWords(charge.amount, charge.currency)}</span></li>)}
              {bill.payments.map((payment) => <li key={`p${payment.id}`}><span class="grow">{w.payment(t.paymentMethods[payment.payment_method])}<span class="faint"><Time at={payment.created_at} /></span></span><span class="number figure">−{moneyWords(payment.amount, payment.currency)}</span></li>)}
            </ul>
          )}
          <BillSummary summary={bill.summary} />
        </>
      ) : loaded.error ? null : <Skeleton lines={2} />}
    </div>
  );
}
