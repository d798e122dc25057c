import Autosuggest from "@cloudscape-design/components/autosuggest";
import { useState } from "react";
import { useNavigate } from "react-router";
import { t } from "../strings/en";
import { FINDABLE } from "./pages";

const OPTIONS = FINDABLE.map(({ href, label, also }) => ({ value: href, label, description: also }));

/** Every word is in the page's name, or in what else it is called. */
function fitting(text: string) {
  const words = text.toLowerCase().split(/\s+/);
  return OPTIONS.filter(({ label, description }) => {
    const names = `${label} ${description}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

/** Pages by their present and by older names. */
export default function Finder() {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const options = fitting(text);
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
      options={options}
      filteringType="manual"
      hideEnteredTextOption
      finishedText={options.length === 0 ? t.shell.searchEmpty : undefined}
      ariaLabel={t.shell.search}
      placeholder={t.table.search}
    />
  );
}
