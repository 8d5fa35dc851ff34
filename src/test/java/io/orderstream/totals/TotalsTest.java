package io.orderstream.totals;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotalsTest {

    private static final Totals SOME = new Totals(10, 7, 2, 12_345);
    private static final Totals OTHER = new Totals(100, 60, 30, -50);

    @Test
    void shouldAddEachNumberToItsOwn() {
        assertThat(SOME.plus(OTHER)).isEqualTo(new Totals(110, 67, 32, 12_295));
        assertThat(SOME.plus(Totals.ZERO)).isEqualTo(SOME);
    }

    @Test
    void shouldShowCentsAsUnitsOfTheCurrencyWithoutRounding() {
        assertThat(new Totals(1, 1, 0, 1_999).revenue()).isEqualTo(new BigDecimal("19.99"));
        assertThat(new Totals(1, 1, 0, 2_000).revenue()).isEqualTo(new BigDecimal("20.00"));
        assertThat(new Totals(1, 1, 0, -5).revenue()).isEqualTo(new BigDecimal("-0.05"));
        assertThat(new Totals(1, 1, 0, Long.MAX_VALUE).revenue()).isEqualTo(new BigDecimal("92233720368547758.07"));
    }

    @ParameterizedTest
    @CsvSource({ "2,3999,19.9950", "3,1000,3.3333", "3,2000,6.6667", "3,-1000,-3.3333", "1,0,0.0000",
            // Half a unit of the last digit goes to the even neighbour.
            "8000,100,0.0001", "16000,2480,0.0016", "20000,100,0.0000", "20000,300,0.0002", "20000,500,0.0002" })
    void shouldDivideRevenueByProcessedRecordsToFourDigits(long processed, long cents, BigDecimal average) {
        assertThat(new Totals(processed * 2, processed, processed, cents).average()).isEqualTo(average);
    }

    @Test
    void shouldHaveAnAverageOfZeroBeforeTheFirstProcessedRecord() {
        assertThat(Totals.ZERO.average()).isEqualTo(new BigDecimal("0.0000"));
        assertThat(new Totals(5, 0, 5, 0).average()).isEqualTo(new BigDecimal("0.0000"));
    }
}
