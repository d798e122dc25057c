import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Explanation, LayerExplanation, Mismatch, StatementExplanation } from "../api/errors";
import { t } from "../strings/en";

const SHOWN = 20;

/** Why a call was denied, layer by layer, and the smallest statement that would allow it. */
export function WhyDenied({ explanation, open = false }: { explanation: Explanation; open?: boolean }) {
  const { request } = explanation;
  return (
    <ExpandableSection headerText={t.why.open} defaultExpanded={open} variant="footer">
      <SpaceBetween size="s">
        <Box variant="p">{t.why.request(request.principal ?? "anonymous", request.action, request.resource)}</Box>
        {explanation.barred && <Alert type="error">{t.why.barred}</Alert>}
        {explanation.layers.map((layer) => (
          <Layer key={`${layer.layer}-${layer.level}`} layer={layer} />
        ))}
        <WayOut explanation={explanation} />
      </SpaceBetween>
    </ExpandableSection>
  );
}

function Layer({ layer }: { layer: LayerExplanation }) {
  const name = t.why.layer[layer.layer] ?? layer.layer;
  const type = layer.blocks ? "error" : layer.verdict === "Allow" ? "success" : "stopped";
  const statements = [...layer.statements].sort((a, b) => a.mismatches.length - b.mismatches.length).slice(0, SHOWN);
  return (
    <div>
      <StatusIndicator type={type}>
        <strong>{name}</strong>: {t.why.verdict[layer.verdict]}
        {layer.blocks && ` – ${t.why.blocks}`}
      </StatusIndicator>
      <ul className="why">
        {statements.map((each) => (
          <Statement key={`${each.policy}-${each.statement}`} statement={each} />
        ))}
        {statements.length === 0 && <li>{t.why.nothing}</li>}
      </ul>
    </div>
  );
}

function Statement({ statement }: { statement: StatementExplanation }) {
  const policy = [statement.policy || t.why.inline, statement.version ?? ""].join(" ").trim();
  return (
    <li>
      {t.why.statement(statement.effect, policy, statement.statement + 1)}
      {statement.sid && ` (${statement.sid})`}: {statement.matched ? t.why.matches : t.why.misses}
      {statement.mismatches.length > 0 && (
        <ul>
          {statement.mismatches.map((mismatch, index) => (
            <li key={index}>{told(mismatch)}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function told({ element, operator = "", key = "", had, needed, hidden }: Mismatch): string {
  const values = (value: string | string[]) => (Array.isArray(value) ? value.join(", ") : value);
  if (element !== "Condition") return t.why.element(element, values(had ?? ""), values(needed));
  if (hidden) return t.why.conditionHidden(operator, key, values(needed));
  if (had === null) return t.why.conditionMissing(operator, key, values(needed));
  return t.why.condition(operator, key, values(had), values(needed));
}

function WayOut({ explanation: { fix, fixBlockedBy } }: { explanation: Explanation }) {
  if (fix === null) {
    if (fixBlockedBy === null) return null;
    return <Alert type="warning">{t.why.noFix(t.why.layer[fixBlockedBy] ?? fixBlockedBy)}</Alert>;
  }
  return (
    <div>
      <Box variant="h4">{t.why.fix(t.why.layer[fix.layer] ?? fix.layer)}</Box>
      <pre className="code" tabIndex={0} aria-label={t.why.fix(fix.layer)}>
        {JSON.stringify(fix.statement, null, 2)}
      </pre>
      <Box variant="small">{t.why.fixNote}</Box>
      {fix.narrower.length > 0 && (
        <>
          <Box variant="p">{t.why.conditions}</Box>
          <ul className="why">
            {fix.narrower.map(({ Condition }, index) => (
              <li key={index}>{JSON.stringify(Condition)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
