using Broker.ClusterBenchmarks;

// What a cluster of real nodes, RabbitMQ and PostgreSQL does and costs: bench/cluster, bench/README.md.
if (Options.Read(args, Measures.Names) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

Heading.Print("bench/cluster", args);
foreach (var name in options.What)
{
    Console.WriteLine();
    await Measures.RunAsync(name, options);
}

return 0;
