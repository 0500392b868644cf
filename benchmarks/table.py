"""Tables that read well on a screen and as Markdown."""


def number(value):
    """Write a number with as many digits as matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def ratio(value, base):
    """Write how much of something a value is."""
    return f"{value / base:.2f}"


def table(head, rows):
    """Return the lines of a table: the first column is words, the others are figures."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        first, *others = zip(cells, widths, strict=True)
        parts = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        return f"| {' | '.join(parts)} |"

    rule = [f":{'-' * (widths[0] - 1)}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return [line(head), line(rule), *map(line, rows)]
