using Broker.BusBenchmarks;
using Broker.ClusterBenchmarks;
using Broker.ClusterBenchmarks.Subjects;
using Broker.TestKit.Servers;

// From one node's bus to another's through RabbitMQ: the one that is named, or one that is started for it.
if (Options.Read(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

Heading.Print("Broker.BusBenchmarks", args);
await using var own = options.RabbitMq is null ? await RabbitMqServer.StartAsync() : null;
await using var pair = await BusPair.OpenAsync(own?.Uri().ToString() ?? options.RabbitMq!, () => own is null ? double.NaN : CpuTime.OfTree(own.ProcessId));

await pair.PacedAsync(perSecond: 1_000, TimeSpan.FromSeconds(3));
Console.WriteLine($"{BusPair.ItemBytes}-byte items, {options.Measured.TotalSeconds:0} s measured each, what is due within a millisecond is a batch");
Console.WriteLine($"{"items/s",10} {"p50 ms",8} {"p99 ms",8} {"max ms",8} {"messages/s",11}");
foreach (var rate in new[] { 100, 1_000, 10_000, 100_000 })
{
    Console.WriteLine(await pair.PacedAsync(rate, options.Measured));
}

Console.WriteLine();
Console.WriteLine("As much as goes through, 4 MiB under way; CPU of both buses and of RabbitMQ:");
Console.WriteLine(Flooded.Head);
Flooded? smallest = null;
foreach (var batchBytes in new[] { BusPair.ItemBytes, 4 << 10, 64 << 10, 256 << 10 })
{
    var flooded = await pair.FloodAsync(batchBytes, options.Measured);
    Console.WriteLine(flooded.Line(smallest ??= flooded));
}

return 0;
