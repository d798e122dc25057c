import Autosuggest from "@cloudscape-design/components/autosuggest";
import { useState } from "react";
import { useNavigate } from "react-router";
import { t } from "../strings/en";
import { FINDABLE } from "./pages";

const OPTIONS = FINDABLE.map(({ href, label, also }) => ({
  value: href,
  label,
  description: also,
  filteringTags: [also],
}));

/** Pages by their present and by older names. */
export default function Finder() {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  return (
    <Autosuggest
      autoFocus
      value={text}
      onChange={({ detail }) => setText(detail.value)}
      onSelect={({ detail }) => {
        const found = FINDABLE.find((each) => each.href === detail.value);
        if (found === undefined) return;
        setText("");
        void navigate(found.href);
      }}
      options={OPTIONS}
      enteredTextLabel={(value) => `${t.table.search}: ${value}`}
      ariaLabel={t.shell.search}
      placeholder={t.table.search}
      empty={t.shell.searchEmpty}
    />
  );
}
