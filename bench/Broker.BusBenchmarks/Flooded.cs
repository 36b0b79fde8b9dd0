using System.Globalization;

namespace Broker.BusBenchmarks;

/// <summary>What went through in batches of one size, and what it cost.</summary>
/// <param name="Batches">All of which were received.</param>
/// <param name="Seconds">Until the last of them was.</param>
/// <param name="BusSeconds">CPU of this process: sender and receiver.</param>
/// <param name="RabbitMqSeconds">CPU of RabbitMQ; not a number where it is not known.</param>
internal sealed record Flooded(int BatchBytes, long Batches, double Seconds, double BusSeconds, double RabbitMqSeconds)
{
    public static readonly string Head = $"{"batch B",10} {"items/s",11} {"x",7} {"MB/s",8} {"messages/s",11} {"us/message",11} {"of RabbitMQ",12} {"us/item",9}";

    private double ItemsPerSecond => PerSecond * BatchBytes / BusPair.ItemBytes;

    private double PerSecond => Batches / Seconds;

    /// <param name="other">What its items are a multiple of.</param>
    public string Line(Flooded other) => string.Create(
        CultureInfo.InvariantCulture,
        $"{BatchBytes,10:N0} {ItemsPerSecond,11:N0} {ItemsPerSecond / other.ItemsPerSecond,7:0.0} {PerSecond * BatchBytes / 1e6,8:0.0} {PerSecond,11:N0} {BusSeconds * 1e6 / Batches,11:0} {RabbitMqSeconds * 1e6 / Batches,12:0} {(BusSeconds + RabbitMqSeconds) * 1e6 / Batches * BusPair.ItemBytes / BatchBytes,9:0.00}");
}
