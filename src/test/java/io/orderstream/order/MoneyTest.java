package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @Test
    void shouldFindTheCentsOfEveryPriceTheCatalogueHas() {
        for (int cents = 999; cents <= 99_999; cents++) {
            // Given
            float price = Float.parseFloat(cents / 100 + "." + cents / 10 % 10 + cents % 10);

            // Then
            assertThat(cents(price)).as("price %s", price).isEqualTo(cents);
        }
    }

    @Test
    void shouldFindTheCentsOfEveryPriceBelowTheBoundItPromises() {
        for (int cents = 0; cents < 13_107_200; cents++) {
            long found = cents((float) (cents / 100.0));
            if (found != cents) {
                assertThat(found).as("price of %d cents", cents).isEqualTo(cents);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({ "-19.99,-1999", "-0.01,-1", "-0.0,0", "0.0,0", "0.001,0", "0.125,13", "0.375,38", "-0.125,-12", "1.0E-45,0",
            "10000000,1000000000", "-10000000,-1000000000" })
    void shouldRoundToTheNearestCentAndHalfACentUp(float price, long cents) {
        assertThat(cents(price)).isEqualTo(cents);
    }

    @ParameterizedTest
    @ValueSource(floats = { Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE,
            10_000_001f, -10_000_001f })
    void shouldCallAnOrderPoisonWhosePriceIsNoAmountOfMoney(float price) {
        assertThatThrownBy(() -> cents(price)).isExactlyInstanceOf(PoisonOrderException.class)
                .hasMessage("price must be a number up to 10000000, but is " + price);
    }

    private static long cents(float price) {
        return Money.cents(new Order("o-1", "Laptop", price));
    }
}
