// Every word the pages say, in English. Values that need figures are functions; another language is another object of this shape.
import type { AppointmentStatus, Gender, PaymentMethod, PaymentStatus, Role, SessionStatus, VisitStatus, VisitType } from "../api/types.ts";

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const en = {
  brand: "televisit",

  common: {
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    saved: "Saved",
    edit: "Edit",
    open: "Open",
    more: "More",
    actions: "Actions",
    suggestions: "Suggestions",
    tryAgain: "Try again",
    undo: "Undo",
    loading: "Loading",
    optional: "(optional)",
    all: "All",
    none: "None",
    yes: "Yes",
    no: "No",
    search: "Search",
    back: "Back",
    unknown: "Not known",
    doctorTitle: (name: string) => `Dr ${name}`,
    years: (age: number) => `${age} y`,
    pages: "Pages",
    pageBefore: "Page before",
    pageAfter: "Next page",
    pageOf: (page: number, pages: number, count: number) => `Page ${page} of ${pages}, ${count} in all`,
    count: (count: number, one: string, many: string) => plural(count, one, many),
    copied: "Copied",
    copyFailed: (text: string) => `The browser did not let us copy. Copy it by hand: ${text}`,
  },

  time: {
    zone: (city: string) => `${city} time`,
    zoneAndYours: (city: string, own: string) => `${city} time. That is ${own} on your clock.`,
    zoneNow: (city: string) => `${city} time,`,
    clockOf: (label: string) => `${label}: time of day`,
    both: (clock: string, city: string) => `${clock} in ${city}`,
    now: "now",
  },

  errors: {
    loadTitle: "This could not be loaded.",
    unexpected: "Something unexpected happened on this page. Load it again; if it stays, tell whoever runs the clinic's system.",
    offline: "This device is offline. Check Wi-Fi or mobile data, then try again. Nothing you typed is lost.",
    unanswered: "The server did not answer. Check the connection and try again: nothing happens twice.",
    away: "The service is busy or restarting. Wait a moment and try again.",
    signedOut: "You are signed out. Sign in again to go on.",
    forbidden: "Your account may not do this. Ask an administrator of the clinic if you should be able to.",
    notFound: "This does not exist, or it is not yours to see. Check the address, or go back and choose it from a list.",
    tooMany: (seconds: number | null) => `Too many tries. Wait ${seconds === null ? "a few minutes" : seconds < 90 ? plural(seconds, "second", "seconds") : plural(Math.ceil(seconds / 60), "minute", "minutes")} and try again.`,
    server: (id: string) => `The server ran into a problem with this. Try again; if it stays, tell whoever runs the clinic's system${id ? ` and name the request ${id}` : ""}.`,
    pageCode: "This page could not be loaded. Check the connection, then load it again.",
    crashed: "This page stopped working. Load it again; what was saved is safe.",
    loadAgain: "Load again",
  },

  fieldName: (field: string) => {
    const words = field.replaceAll(/[._]/g, " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  },

  roles: { ADMIN: "Administrator", DOCTOR: "Doctor", NURSE: "Nurse", RECEPTIONIST: "Receptionist", PATIENT: "Patient" } satisfies Record<Role, string>,
  genders: { MALE: "Male", FEMALE: "Female", OTHER: "Other", PREFER_NOT_TO_SAY: "Prefers not to say" } satisfies Record<Gender, string>,
  genderShort: { MALE: "male", FEMALE: "female", OTHER: "other", PREFER_NOT_TO_SAY: "" } satisfies Record<Gender, string>,
  visitTypes: { CONSULTATION: "Consultation", FOLLOW_UP: "Follow-up", EMERGENCY: "Emergency", ROUTINE: "Routine", SPECIALIST: "Specialist" } satisfies Record<VisitType, string>,
  visitStates: { OPEN: "Open", CLOSED: "Closed" } satisfies Record<VisitStatus, string>,
  paymentStates: { UNPAID: "Unpaid", PARTIALLY_PAID: "Partly paid", PAID: "Paid", SETTLED: "Settled" } satisfies Record<PaymentStatus, string>,
  paymentNothing: "Nothing charged",
  paymentMethods: { CASH: "Cash", CARD: "Card", MOBILE_MONEY: "Mobile money", TRANSFER: "Bank transfer", INSURANCE: "Insurance" } satisfies Record<PaymentMethod, string>,
  sessionStates: { SCHEDULED: "Scheduled", IN_PROGRESS: "In progress", COMPLETED: "Completed", CANCELLED: "Cancelled", FAILED: "Failed" } satisfies Record<SessionStatus, string>,
  appointmentStates: { SCHEDULED: "Not confirmed", CONFIRMED: "Confirmed", COMPLETED: "Completed", CANCELLED: "Cancelled", NO_SHOW: "Did not come" } satisfies Record<AppointmentStatus, string>,

  shell: {
    skip: "Skip to the content",
    main: "Main",
    today: "Today",
    patients: "Patients",
    visits: "Visits",
    appointments: "Appointments",
    billing: "Billing",
    services: "Services",
    users: "Users",
    audit: "Audit",
    home: "My visits",
    moreNav: "More",
    account: "Account",
    theme: "Look",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    shortcuts: "Keyboard shortcuts",
    logout: "Sign out",
    reconnecting: "Reconnecting",
    reconnectingHint: "The page is not up to date: the connection to the server is lost. It comes back by itself.",
    components: "Components",
  },

  shortcuts: {
    title: "Keyboard shortcuts",
    help: "This list",
    search: "Search the list",
    newThing: "New: session, visit, patient or appointment, whichever the page is about",
    go: (page: string) => `Go to ${page}`,
    thenKey: "then",
    close: "Close what is open",
    inCall: "In a call the call page lists its own.",
  },

  login: {
    title: "Sign in",
    username: "Username or e-mail",
    password: "Password",
    show: "Show the password",
    hide: "Hide the password",
    submit: "Sign in",
    expired: "You were signed out because the session had ended. Sign in again to go on where you were.",
    otherTab: "You were signed out in another tab.",
    empty: "Enter your username and your password.",
    demoTitle: "Demonstration clinic.",
    demo: "Choose an account, the password is filled in for you:",
    help: "No account, or the password forgotten? Ask the clinic: its administrator can set a new one.",
  },

  notFound: {
    title: "This page does not exist",
    text: "The address may be mistyped, or the page may have moved.",
    home: "Go to the start page",
  },

  forbidden: {
    title: "Not for this account",
    text: (role: string) => `You are signed in as ${role}; this page is for somebody else at the clinic.`,
  },
};
