namespace Broker.Cluster.RabbitMq;

/// <summary>What is done over one pair of connections, from connecting to its end. When anything of it ends, all of it does.</summary>
internal interface ILife : IAsyncDisposable
{
    /// <summary>Connects, and makes in RabbitMQ what is missing. One that could not begin is to be disposed too.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Goes on until it is lost, or until it is to stop: then what is under way is finished.</summary>
    /// <returns>Why it ended.</returns>
    Task<string> RunAsync(CancellationToken stop);
}
