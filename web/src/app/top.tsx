import Input from "@cloudscape-design/components/input";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { Suspense, lazy, useState } from "react";
import { useNavigate } from "react-router";
import { t } from "../strings/en";
import { useSession, useSessionState } from "./session";
import { currentTheme, keepTheme } from "./theme";

const NAMES = {
  overflowMenuTriggerText: t.shell.more,
  overflowMenuTitleText: t.shell.menu,
  overflowMenuBackIconAriaLabel: t.shell.back,
  overflowMenuDismissIconAriaLabel: t.actions.close,
};

export function Top() {
  const session = useSession();
  const { signOut } = useSessionState();
  const [theme, setTheme] = useState(currentTheme());
  const navigate = useNavigate();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <div id="top">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {t.shell.skip}
      </a>
      <TopNavigation
        identity={{
          href: "/iam",
          title: t.product,
          onFollow: (event) => {
            event.preventDefault();
            void navigate("/iam");
          },
        }}
        i18nStrings={NAMES}
        search={<Search />}
        utilities={[
          {
            type: "button",
            text: theme === "dark" ? t.shell.light : t.shell.dark,
            onClick: () => {
              keepTheme(other);
              setTheme(other);
            },
          },
          {
            type: "menu-dropdown",
            text: session.region,
            ariaLabel: `${t.shell.region}: ${session.region}`,
            items: [{ id: "region", text: session.region, description: t.shell.regionNote, disabled: true }],
          },
          {
            type: "menu-dropdown",
            text: `${session.principal.name} @ ${session.principal.alias || session.principal.account}`,
            description: t.shell.account(session.principal.account),
            iconName: "user-profile",
            items: [
              { id: "/iam/security-credentials", text: t.shell.securityCredentials },
              { id: "/sessions", text: t.shell.sessions },
              { id: "out", text: t.shell.signOut },
            ],
            onItemClick: ({ detail }) => {
              if (detail.id === "out") void signOut().then(() => navigate("/"));
              else void navigate(detail.id);
            },
          },
        ]}
      />
    </div>
  );
}

const Finder = lazy(() => import("./finder"));

/** The search is loaded when somebody wants it. */
function Search() {
  const [wanted, setWanted] = useState(false);
  const plain = (
    <Input
      value=""
      type="search"
      ariaLabel={t.shell.search}
      placeholder={t.table.search}
      onChange={() => setWanted(true)}
      onFocus={() => setWanted(true)}
    />
  );
  return wanted ? (
    <Suspense fallback={plain}>
      <Finder />
    </Suspense>
  ) : (
    plain
  );
}
