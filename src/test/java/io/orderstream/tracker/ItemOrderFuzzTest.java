package io.orderstream.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.orderstream.testsupport.Fuzzed;

/** Values of the item orders' topic, and bodies of {@code POST /api/item-orders}. */
class ItemOrderFuzzTest {

    private static final long PER_BYTE = 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final ItemOrderFormat FORMAT = new ItemOrderFormat();

    @FuzzTest
    void shouldTakeAnItemOrderOrSayWhatIsWrong(byte[] value) throws Exception {
        // When
        Optional<ItemOrder> order = new Fuzzed(value).parse(PER_BYTE, InvalidItemOrderException.class,
                () -> FORMAT.tryDecode(value));

        // Then
        if (order.isPresent()) {
            ItemOrder taken = order.get();
            assertThat(taken.quantity()).isBetween(1L, 1_000_000_000L);
            ObjectNode again = JSON.createObjectNode().put("order_id", taken.id()).put("user", taken.user())
                    .put("item", taken.item()).put("quantity", taken.quantity());
            assertThat(FORMAT.tryDecode(JSON.writeValueAsBytes(again))).isEqualTo(taken);
        }
    }
}
