/** Fields of a ledger transaction that settles, corrects and replaces nothing, and that no version of prices has rated. */
export const standsAlone = {
  ...{ released: [], settles: null, corrects: null, replaces: null },
  ...{ priceVersion: 0, rank: 0 },
};
