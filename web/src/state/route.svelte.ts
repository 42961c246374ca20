const PAGES = ['play', 'leaderboard', 'you', 'host'] as const;

export type Page = (typeof PAGES)[number];

/** The page that the address names after `#`. */
export class Route {
  page: Page = $state(pageOf(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.page = pageOf(location.hash);
    });
  }
}

function pageOf(hash: string): Page {
  return PAGES.find((page) => hash === `#/${page}`) ?? 'play';
}
