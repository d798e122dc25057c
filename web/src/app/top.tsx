import Autosuggest from "@cloudscape-design/components/autosuggest";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { useState } from "react";
import { useNavigate } from "react-router";
import { t } from "../strings/en";
import { FINDABLE } from "./pages";
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
              if (detail.id === "out") void signOut();
              else void navigate(detail.id);
            },
          },
        ]}
      />
    </div>
  );
}

function Search() {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  return (
    <Autosuggest
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onSelect={({ detail }) => {
        const found = FINDABLE.find((each) => each.href === detail.value);
        if (found === undefined) return;
        setText("");
        void navigate(found.href);
      }}
      options={FINDABLE.map((each) => ({ value: each.href, label: each.label, description: each.also, filteringTags: [each.also] }))}
      enteredTextLabel={(value) => `${t.table.search}: ${value}`}
      ariaLabel={t.shell.search}
      placeholder={t.table.search}
      empty={t.shell.searchEmpty}
    />
  );
}
