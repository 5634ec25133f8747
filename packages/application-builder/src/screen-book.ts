import type { ObjectDescription } from '@caruso/business-objects/contract';
import { defaultList, defaultRecord, defaultScreen } from './default-layouts.js';
import { screenFaulty, screenRefused, screenUnknown } from './errors.js';
import type { Layout, RecordLayout, ScreenPlan } from './screen.js';
import { maySee, type Viewer } from './viewer.js';

/** Finds the screen a viewer means: one of the front office, or the default of an object. */
export class ScreenBook {
  constructor(
    readonly plan: ScreenPlan,
    /** Objects of the house's own components, which have views of their own. */
    readonly ofTheHouse: ReadonlySet<string>,
  ) {}

  /** Throws SCREEN_UNKNOWN, SCREEN_FAULTY or SCREEN_REFUSED. */
  find(name: string, viewer: Viewer): Layout {
    const { layouts, faulty } = this.plan;
    const declared = layouts.get(name);
    if (declared !== undefined) {
      if (!maySee(viewer, declared)) throw screenRefused(name, viewer.principal.name);
      return declared;
    }
    const fault = faulty.get(name);
    if (fault !== undefined) throw screenFaulty(name, fault);
    const standard = defaultScreen(name, viewer.objects.values());
    if (standard === undefined) throw screenUnknown(name, [...layouts.keys()]);
    return standard.kind === 'list' ? defaultList(standard.object) : defaultRecord(standard.object);
  }

  /** The screen that shows a record of an object to the viewer; undefined where records of it cannot be addressed. */
  forObject(name: string, viewer: Viewer): string | undefined {
    const object = viewer.objects.get(name);
    if (object === undefined || object.key.length === 0) return undefined;
    const declared = [...this.plan.layouts.values()].find(
      (layout): layout is RecordLayout => layout.kind === 'record' && layout.object === name && maySee(viewer, layout),
    );
    return declared?.screen ?? `record:${name}`;
  }

  /** Where a row leads: as declared, if the viewer may go there. */
  opens(declared: string | undefined, object: string, viewer: Viewer): string | undefined {
    const layout = declared === undefined ? undefined : this.plan.layouts.get(declared);
    if (layout !== undefined && maySee(viewer, layout)) return layout.screen;
    return this.forObject(object, viewer);
  }

  /** List screens the viewer may see, then the default lists of objects that have none. */
  lists(viewer: Viewer): { screen: string; object: ObjectDescription }[] {
    const declared = [...this.plan.layouts.values()].flatMap((layout) => {
      const object = viewer.objects.get(layout.object);
      if (layout.kind !== 'list' || object === undefined || !maySee(viewer, layout)) return [];
      return [{ screen: layout.screen, object }];
    });
    const known = new Set(declared.map(({ object }) => object.name));
    const others = [...viewer.objects.values()].filter(({ name }) => !known.has(name) && !this.ofTheHouse.has(name));
    return [...declared, ...others.map((object) => ({ screen: `list:${object.name}`, object }))];
  }
}
