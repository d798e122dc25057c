import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import Spinner from "@cloudscape-design/components/spinner";
import { useIsFetching } from "@tanstack/react-query";
import { Suspense, lazy, useEffect, useRef, useState, type ReactNode } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { turnNotices, useNotices } from "../common/notices";
import { TrailContext, type Crumb } from "../common/page";
import { t } from "../strings/en";
import { Crash } from "./crash";
import { Navigation } from "./navigation";
import { NotFound } from "./not-found";
import { ROUTES } from "./pages";
import { Top } from "./top";

/** Everything around a page, for whoever is signed in. */
export default function Shell() {
  const [trail, setTrail] = useState<Crumb[]>([]);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <TrailContext.Provider value={setTrail}>
      <Top />
      <AppLayout
        headerSelector="#top"
        toolsHide
        navigation={<Navigation />}
        notifications={<Notices />}
        stickyNotifications
        breadcrumbs={
          <BreadcrumbGroup
            items={trail}
            ariaLabel={t.shell.breadcrumbs}
            onFollow={(event) => {
              event.preventDefault();
              void navigate(event.detail.href);
            }}
          />
        }
        ariaLabels={{
          navigation: t.shell.navigation,
          navigationToggle: t.shell.openNavigation,
          navigationClose: t.shell.closeNavigation,
          notifications: t.shell.notifications,
        }}
        content={
          <Busy>
            <Crash at={pathname}>
              <Suspense fallback={<Spinner size="large" />}>
                <Routes>
                  <Route path="/" element={<Navigate to="/iam" replace />} />
                  {ROUTES.map(({ path, Page }) => (
                    <Route key={path} path={path} element={<Page key={pathname} />} />
                  ))}
                  <Route path="*" element={<NotFound />} />
                </Routes>
              </Suspense>
            </Crash>
          </Busy>
        }
      />
    </TrailContext.Provider>
  );
}

// Loaded when there is something to tell.
const Flashbar = lazy(() => import("@cloudscape-design/components/flashbar"));

/** What was done lately. */
function Notices() {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current !== pathname) turnNotices();
    before.current = pathname;
  }, [pathname]);
  const items = useNotices();
  const [told, setTold] = useState(false);
  if (items.length > 0 && !told) setTold(true);
  return told ? (
    <Suspense>
      <Flashbar items={items} />
    </Suspense>
  ) : null;
}

/** Where a page lies; says to who cannot see it that something is still being read. */
function Busy({ children }: { children: ReactNode }) {
  const fetching = useIsFetching();
  const { pathname } = useLocation();
  const content = useRef<HTMLDivElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    // What was pressed is gone with its page: the keyboard goes on with the new one.
    if (document.activeElement === document.body) content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div id="content" className="content" tabIndex={-1} ref={content} aria-busy={fetching > 0}>
      {children}
    </div>
  );
}
