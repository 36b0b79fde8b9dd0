namespace Broker.Cluster.RabbitMq.Source;

/// <summary>What becomes of a message, by what its emit came to.</summary>
internal enum Verdict
{
    /// <summary>It is acknowledged.</summary>
    Done,

    /// <summary>It is tried again, with those behind it in its channel waiting.</summary>
    Again,

    /// <summary>It is put aside: another attempt would come to the same.</summary>
    Dead,
}
