namespace Broker.Actors.Loops;

/// <summary>What a loop does after it has read its sockets and emptied its inbox, in this order.</summary>
public enum LoopPhase
{
    /// <summary>Actors that gathered work while messages came in: links send one batch per node.</summary>
    Drained,

    /// <summary>Touched rooms fan out, once each, whatever the number of their events.</summary>
    Rooms,

    /// <summary>Acknowledgements, so that an emitter's own copy comes before its answer.</summary>
    Answers,

    /// <summary>Sessions with something to send do so, once each.</summary>
    Flush,
}
