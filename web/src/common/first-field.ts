import type { InputProps } from "@cloudscape-design/components/input";
import { useEffect, useRef, type RefObject } from "react";

/** The field of a dialog that is typed into first: a dialog itself begins at its close button. */
export function useFirstField(): RefObject<InputProps.Ref | null> {
  const field = useRef<InputProps.Ref>(null);
  useEffect(() => {
    const timer = setTimeout(() => field.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  return field;
}
