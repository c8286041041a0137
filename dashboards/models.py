"""What is counted, kept small: additive cells of the smallest areas, and how current they are."""

from django.db import models
from django.db.models import Q


class DashboardCell(models.Model):
    """One additive number of one area and year; areas above are sums of these.

    `area_code` is the code of the households' own area, a village or a tambon. It is no
    foreign key: cells are derived, and must not keep an area alive that an import taught.
    Only values other than zero are kept.
    """

    id = models.BigAutoField(primary_key=True)
    area_code = models.CharField("รหัสพื้นที่", max_length=8, db_collation="C")
    year_be = models.SmallIntegerField("ปี พ.ศ.")
    measure = models.CharField("ตัวเลข", max_length=60, db_collation="C")
    value = models.DecimalField("ค่า", max_digits=20, decimal_places=4)

    class Meta:
        verbose_name = "ตัวเลขของพื้นที่"
        verbose_name_plural = "ตัวเลขของพื้นที่"
        constraints = [
            # Read by year and range of codes; replaced by range of codes.
            models.UniqueConstraint(
                fields=["year_be", "area_code", "measure"], name="dashboardcell_once"
            ),
            models.CheckConstraint(name="dashboardcell_not_zero", condition=~Q(value=0)),
        ]
        indexes = [models.Index(fields=["area_code"], name="dashboardcell_area")]

    def __str__(self) -> str:
        return f"{self.area_code} {self.year_be} {self.measure}"


class DashboardRun(models.Model):
    """One row: when the cells were last brought up to date, and last held against a recount."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField("นับเมื่อ", null=True)
    # The year that had begun then: in a new one every household is counted once more.
    through_year_be = models.SmallIntegerField("ถึงปี พ.ศ.", null=True)
    checked_at = models.DateTimeField("ตรวจเทียบเมื่อ", null=True)
    differences = models.PositiveIntegerField("ต่างจากการนับใหม่ทั้งหมด", default=0)

    class Meta:
        verbose_name = "รอบการนับ"
        verbose_name_plural = "รอบการนับ"
        constraints = [
            models.CheckConstraint(name="dashboardrun_only_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="dashboardrun_counted_with_its_year",
                condition=Q(counted_at__isnull=True, through_year_be__isnull=True)
                | Q(counted_at__isnull=False, through_year_be__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.counted_at)
