export type Page = 'play' | 'leaderboard';

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
  return hash === '#/leaderboard' ? 'leaderboard' : 'play';
}
