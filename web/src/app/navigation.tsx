import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { useLocation, useNavigate } from "react-router";
import { t } from "../strings/en";
import { FINDABLE } from "./pages";

const link = (text: string, href: string): SideNavigationProps.Link => ({ type: "link", text, href });

const ITEMS: SideNavigationProps.Item[] = [
  link(t.nav.dashboard, "/iam"),
  {
    type: "section",
    text: t.nav.access,
    items: [
      link(t.nav.groups, "/iam/groups"),
      link(t.nav.users, "/iam/users"),
      link(t.nav.roles, "/iam/roles"),
      link(t.nav.policies, "/iam/policies"),
      link(t.nav.accountSettings, "/iam/account-settings"),
    ],
  },
  {
    type: "section",
    text: t.nav.reports,
    items: [
      link(t.nav.unusedKeys, "/iam/unused-keys"),
      link(t.nav.credentials, "/iam/security-credentials"),
      link(t.nav.sessions, "/sessions"),
    ],
  },
  { type: "section", text: t.nav.storage, items: [link(t.nav.buckets, "/s3/buckets")] },
  { type: "section", text: t.nav.audit, items: [link(t.nav.events, "/events")] },
  {
    type: "section",
    text: t.nav.later,
    defaultExpanded: false,
    items: Object.entries(t.later.services).map(([key, each]) => link(each.name, `/later/${key}`)),
  },
];

export function Navigation() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <SideNavigation
      header={{ text: t.nav.iam, href: "/iam" }}
      items={ITEMS}
      activeHref={activeHref(pathname)}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        void navigate(event.detail.href);
      }}
    />
  );
}

/** The navigation's entry that a page belongs to: the longest that begins its path. */
function activeHref(pathname: string): string {
  const fits = FINDABLE.map((each) => each.href).filter(
    (href) => pathname === href || (href !== "/iam" && pathname.startsWith(`${href}/`)),
  );
  return fits.sort((a, b) => b.length - a.length)[0] ?? pathname;
}
