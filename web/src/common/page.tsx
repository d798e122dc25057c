import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import { createContext, useContext, useEffect, type ReactNode } from "react";
import { t } from "../strings/en";

export interface Crumb {
  text: string;
  href: string;
}

/** The shell's breadcrumbs: a page says where it stands. */
export const TrailContext = createContext<(trail: Crumb[]) => void>(() => undefined);

interface PageProps {
  title: string;
  /** The pages above this one, from the top. */
  trail: Crumb[];
  description?: ReactNode;
  info?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, trail, description, info, actions, children }: PageProps) {
  const setTrail = useContext(TrailContext);
  const key = JSON.stringify(trail);
  useEffect(() => {
    document.title = `${title} | ${t.product}`;
    setTrail([...(JSON.parse(key) as Crumb[]), { text: title, href: location.pathname + location.search }]);
  }, [title, key, setTrail]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} info={info} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
