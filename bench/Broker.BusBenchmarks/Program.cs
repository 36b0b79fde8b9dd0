using Broker.BusBenchmarks;
using Broker.TestKit.Servers;

// From one node's bus to another's through RabbitMQ: the one that is named, or one that is started for it.
await using var own = args.Length == 0 ? await RabbitMqServer.StartAsync() : null;
await using var pair = await BusPair.OpenAsync(own?.Uri().ToString() ?? args[0]);

await pair.PacedAsync(perSecond: 1_000, TimeSpan.FromSeconds(3));
Console.WriteLine($"{BusPair.ItemBytes}-byte items, {BusPair.Measured.TotalSeconds:0} s measured each, what is due within a millisecond is a batch");
Console.WriteLine($"{"items/s",10} {"p50 ms",8} {"p99 ms",8} {"max ms",8} {"messages/s",11}");
foreach (var rate in new[] { 100, 1_000, 10_000, 100_000 })
{
    Console.WriteLine(await pair.PacedAsync(rate, BusPair.Measured));
}

Console.WriteLine();
Console.WriteLine("As much as goes through, 4 MiB under way:");
Console.WriteLine($"{"batch B",10} {"items/s",11} {"MB/s",8} {"messages/s",11}");
foreach (var batchBytes in new[] { 128, 4 << 10, 64 << 10, 256 << 10 })
{
    Console.WriteLine(await pair.FloodAsync(batchBytes, BusPair.Measured));
}
