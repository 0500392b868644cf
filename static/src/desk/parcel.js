/** Return all pieces of a parcel, each with what it is of. */
export function getPieces(parcel) {
    const items = parcel ? [...parcel.lines, ...parcel.extra] : [];
    return items.flatMap((item) => item.inspections.map((piece) => ({ item, piece })));
}

/**
 * Return the id of the piece that the clerk has in hand: the one that was changed, else the one
 * from before, else the first that something is still to be said of.
 */
export function findCurrent(parcel, before, currentId) {
    const pieces = getPieces(parcel).map(({ piece }) => piece);
    if (before?.id === parcel.id) {
        const known = new Map(
            getPieces(before).map(({ piece }) => [piece.id, JSON.stringify(piece)])
        );
        const changed = pieces.filter((piece) => known.get(piece.id) !== JSON.stringify(piece));
        if (changed.length) {
            return Math.max(...changed.map((piece) => piece.id));
        }
        if (pieces.some((piece) => piece.id === currentId)) {
            return currentId;
        }
    }
    return (pieces.find((piece) => piece.missing) || pieces.at(-1))?.id || false;
}

/** Return the next piece after the one in hand that something is still to be said of. */
export function findMissing(parcel, currentId) {
    const pieces = getPieces(parcel).map(({ piece }) => piece);
    const index = pieces.findIndex((piece) => piece.id === currentId);
    return [...pieces.slice(index + 1), ...pieces.slice(0, index + 1)].find(
        (piece) => piece.missing
    );
}
