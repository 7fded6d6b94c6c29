import { Keyboard, LogOut, Monitor, Moon, Palette, Sun, WifiOff } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { auth } from "../api/index.ts";
import type { User } from "../api/types.ts";
import { useInfo, useLiveState, useNow } from "../data/clinic.ts";
import { t } from "../i18n/index.ts";
import { addressOf, initialsOf } from "../people/names.ts";
import { usePlace } from "../router/location.ts";
import { cityOf, clockOf } from "../time/zone.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { sectionsOf, startOf, type Section } from "./access.ts";
import { Brand } from "./brand.tsx";
import { openShortcuts } from "./shortcuts.tsx";
import { chooseTheme, theme, THEMES } from "./theme.ts";
import "./shell.css";

/** More sections than this do not fit the bar of a phone; the rest goes behind "More". */
const PHONE_SECTIONS = 4;

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

/** The bar above every page, and the page. */
export function Shell({ user, children }: { user: User; children: ComponentChildren }) {
  const { path } = usePlace();
  const sections = sectionsOf(user.role);
  const here = (section: Section) => path === section.path || path.startsWith(`${section.path}/`);
  const late = sections.length > PHONE_SECTIONS ? sections.slice(PHONE_SECTIONS - 1) : [];
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>{t.shell.skip}</a>
      <header class="bar">
        <div>
          <a class="brand" href={startOf(user.role)}><Brand /></a>
          {sections.length > 0 ? (
            <nav aria-label={t.shell.main}>
              {sections.map((section) => <a key={section.path} href={section.path} aria-current={here(section) ? "page" : undefined} class={late.includes(section) ? "late" : undefined}>{section.name}</a>)}
              {late.length > 0 ? <span class={late.some(here) ? "nav-more current" : "nav-more"}><Menu label={t.shell.moreNav} button={t.shell.moreNav} buttonClass="nav-button" groups={[late.map((section) => ({ label: section.name, href: section.path }))]} /></span> : null}
            </nav>
          ) : null}
          <div class="end">
            <LiveMark />
            {user.role === "PATIENT" ? null : <ClinicClock />}
            <AccountMenu user={user} />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
    </>
  );
}

/** The clinic's time, for staff whose own clock may differ. */
function ClinicClock() {
  const info = useInfo();
  const now = useNow(5_000);
  if (!info) return null;
  return <span class="faint zone">{t.time.zoneNow(cityOf(info.time_zone))} <time>{clockOf(now, info.time_zone)}</time></span>;
}

/** Quiet, and only when the page may be out of date. */
function LiveMark() {
  const state = useLiveState();
  return (
    <span role="status" class="live-mark">
      {state === "lost" ? <span class="badge attention" title={t.shell.reconnectingHint}><Icon of={WifiOff} /><span class="live-word">{t.shell.reconnecting}</span></span> : null}
    </span>
  );
}

function AccountMenu({ user }: { user: User }) {
  const [chosen, setChosen] = useState(theme);
  const name = addressOf(user);
  return (
    <Menu
      label={`${t.shell.account}: ${initialsOf(name)}, ${name}`}
      buttonClass="account"
      button={<Avatar name={name} small />}
      heading={<><b>{name}</b><div class="faint">{t.roles[user.role]}, {user.username}</div></>}
      groups={[
        THEMES.map((one) => ({ label: `${t.shell.theme}: ${t.shell.themes[one]}`, icon: THEME_ICONS[one] ?? Palette, checked: chosen === one, onSelect: () => { chooseTheme(one); setChosen(one); } })),
        [{ label: t.shell.shortcuts, icon: Keyboard, onSelect: openShortcuts }],
        [{ label: t.shell.logout, icon: LogOut, onSelect: () => void auth.logout() }],
      ]}
    />
  );
}
