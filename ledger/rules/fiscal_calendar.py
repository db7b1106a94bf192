"""How a fiscal year is cut into periods: calendar months, or weeks in the patterns 4-4-5, 4-5-4, 5-4-4."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Pattern(Enum):
    """The periods of a year; those of weeks have 13 weeks a quarter."""

    MONTH = "MONTH"
    WEEKS_445 = "4-4-5"
    WEEKS_454 = "4-5-4"
    WEEKS_544 = "5-4-4"

    @property
    def label(self) -> str:
        return "Calendar months" if self is Pattern.MONTH else f"Weeks, {self.value}"

    @property
    def weeks(self) -> tuple[int, ...]:
        """Weeks of each of the twelve periods; empty for calendar months."""
        return () if self is Pattern.MONTH else tuple(int(each) for each in self.value.split("-")) * 4


@dataclass(frozen=True, slots=True)
class PeriodDates:
    fiscal_year: int
    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """year_starts_month 1 to 12; week_ends_on 1 (Monday) to 7 (Sunday), for weeks only."""

    pattern: Pattern = Pattern.MONTH
    year_starts_month: int = 1
    week_ends_on: int = 6

    def year_end(self, fiscal_year: int) -> date:
        """The last day of the fiscal year: of calendar months the month's last, else its last week's end."""
        month = (self.year_starts_month - 2) % 12 + 1
        last = date(fiscal_year, month, monthrange(fiscal_year, month)[1])
        if self.pattern is Pattern.MONTH:
            return last
        return last - timedelta(days=(last.isoweekday() - self.week_ends_on) % 7)

    def periods_of(self, fiscal_year: int) -> list[PeriodDates]:
        """The twelve periods of a fiscal year, without gaps. A 53rd week belongs to the last."""
        ends_on = self.year_end(fiscal_year)
        starts = self.year_end(fiscal_year - 1) + timedelta(days=1)
        periods = []
        for number in range(1, 13):
            last = ends_on if number == 12 else self._end_of(number, starts)
            periods.append(PeriodDates(fiscal_year, number, starts, last))
            starts = last + timedelta(days=1)
        return periods

    def period_of(self, day: date) -> PeriodDates:
        """The period that a day lies in."""
        year = day.year - 1
        while self.year_end(year) < day:
            year += 1
        return next(each for each in self.periods_of(year) if each.starts_on <= day <= each.ends_on)

    def _end_of(self, number: int, starts_on: date) -> date:
        if self.pattern is Pattern.MONTH:
            return starts_on.replace(day=monthrange(starts_on.year, starts_on.month)[1])
        return starts_on + timedelta(days=7 * self.pattern.weeks[number - 1] - 1)


def label_of(fiscal_year: int, number: int, starts_on: date, ends_on: date) -> str:
    """A period for people: "March 2026", or "P03 of 2026, 1 Mar to 28 Mar" where it is no month."""
    is_month = starts_on.day == 1 and ends_on == starts_on.replace(
        day=monthrange(starts_on.year, starts_on.month)[1]
    )
    if is_month:
        return f"{starts_on:%B %Y}"
    return f"P{number:02d} of {fiscal_year}, {starts_on.day} {starts_on:%b} to {ends_on.day} {ends_on:%b}"
