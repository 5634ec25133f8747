import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { call } from './client/call.js';
import { startLive } from './client/live.js';
import { queryClient } from './client/query-client.js';
import { readMe } from './client/session.js';
import { Frame } from './frame/Frame.js';
import { hasPage, pathOf } from './frame/pages.js';
import { RootFault, RouteFault } from './frame/RouteFault.js';
import { UnknownPage } from './frame/UnknownPage.js';

const root = createRootRoute({ component: Outlet, errorComponent: RootFault, notFoundComponent: UnknownPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string } => (typeof search.to === 'string' ? { to: search.to } : {}),
  component: lazyRouteComponent(() => import('./frame/SignIn.js'), 'SignIn'),
});

const selfService = createRoute({
  getParentRoute: () => root,
  path: '/self-service',
  validateSearch: (search): { script?: string; embedded?: true } => ({
    ...(typeof search.script === 'string' ? { script: search.script } : {}),
    ...(search.embedded === true ? { embedded: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./self-service/Portal.js'), 'Portal'),
});

const staff = createRoute({
  getParentRoute: () => root,
  id: 'staff',
  beforeLoad: async ({ location }) => {
    if ((await readMe()) === null) throw redirect({ to: '/sign-in', search: { to: location.href } });
    startLive();
  },
  component: Frame,
});

const home = createRoute({
  getParentRoute: () => staff,
  path: '/',
  beforeLoad: async () => {
    const { items } = await queryClient.ensureQueryData({
      queryKey: ['screens.navigation', {}],
      queryFn: () => call('screens.navigation', {}),
    });
    const first = items.find(hasPage);
    if (first !== undefined) throw redirect({ to: pathOf(first), replace: true });
  },
  component: UnknownPage,
});

const desktop = createRoute({
  getParentRoute: () => staff,
  path: '/desktop',
  validateSearch: (search): { contact?: string } =>
    typeof search.contact === 'string' ? { contact: search.contact } : {},
  component: lazyRouteComponent(() => import('./desktop/DesktopView.js'), 'DesktopView'),
});

const list = createRoute({
  getParentRoute: () => staff,
  path: '/screens/$screen',
  component: lazyRouteComponent(() => import('./screens/ScreenView.js'), 'ScreenView'),
});

const record = createRoute({
  getParentRoute: () => staff,
  path: '/screens/$screen/$key',
  component: lazyRouteComponent(() => import('./screens/ScreenView.js'), 'ScreenView'),
});

const monitor = createRoute({
  getParentRoute: () => staff,
  path: '/monitor',
  component: lazyRouteComponent(() => import('./supervisor/MonitorView.js'), 'MonitorView'),
});

const reports = createRoute({
  getParentRoute: () => staff,
  path: '/reports',
  component: lazyRouteComponent(() => import('./supervisor/ReportsView.js'), 'ReportsView'),
});

const services = createRoute({
  getParentRoute: () => staff,
  path: '/services',
  component: lazyRouteComponent(() => import('./administrator/ServicesView.js'), 'ServicesView'),
});

const policies = createRoute({
  getParentRoute: () => staff,
  path: '/policies',
  component: lazyRouteComponent(() => import('./administrator/PoliciesView.js'), 'PoliciesView'),
});

const scripts = createRoute({
  getParentRoute: () => staff,
  path: '/scripts',
  component: lazyRouteComponent(() => import('./script-developer/ScriptsView.js'), 'ScriptsView'),
});

const developer = createRoute({
  getParentRoute: () => staff,
  path: '/scripts/$script',
  component: lazyRouteComponent(() => import('./script-developer/DeveloperView.js'), 'DeveloperView'),
});

const model = createRoute({
  getParentRoute: () => staff,
  path: '/model',
  component: lazyRouteComponent(() => import('./modeler/ModelerView.js'), 'ModelerView'),
});

const kept = createRoute({
  getParentRoute: () => staff,
  path: '/kept',
  component: lazyRouteComponent(() => import('./administrator/KeptView.js'), 'KeptView'),
});

const imports = createRoute({
  getParentRoute: () => staff,
  path: '/imports',
  component: lazyRouteComponent(() => import('./exchange/ImportsView.js'), 'ImportsView'),
});

const duplicates = createRoute({
  getParentRoute: () => staff,
  path: '/duplicates',
  component: lazyRouteComponent(() => import('./exchange/DuplicatesView.js'), 'DuplicatesView'),
});

const users = createRoute({
  getParentRoute: () => staff,
  path: '/users',
  component: lazyRouteComponent(() => import('./administrator/UsersView.js'), 'UsersView'),
});

const telephone = createRoute({
  getParentRoute: () => staff,
  path: '/telephone',
  component: lazyRouteComponent(() => import('./telephone/TelephoneView.js'), 'TelephoneView'),
});

const reminders = createRoute({
  getParentRoute: () => staff,
  path: '/reminders',
  component: lazyRouteComponent(() => import('./reminders/RemindersView.js'), 'RemindersView'),
});

const pages = [
  home,
  desktop,
  list,
  record,
  monitor,
  reports,
  services,
  policies,
  scripts,
  developer,
  model,
  kept,
  imports,
  duplicates,
  users,
  telephone,
  reminders,
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, selfService, staff.addChildren(pages)]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteFault,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
