import type { ReactElement } from 'react';
import type { Navigation } from './pages.js';

/** The company's logo, else the first letter of its name. */
export function BrandMark({ brand }: { brand: Navigation['brand'] }): ReactElement {
  return (
    <div className="brand-mark" title={brand.name}>
      {brand.logo === null ? (
        <span aria-hidden>{brand.name.charAt(0).toUpperCase()}</span>
      ) : (
        <img src={brand.logo} alt={brand.name} />
      )}
    </div>
  );
}
