using Broker.Node.Settings;

namespace Broker.Node.Health;

/// <summary>
/// Whether the node uses so much memory that it lets nobody in. Over the mark it is after some looks in a row, since the first one has garbage
/// collected; below it again a tenth under the mark. Read from any thread.
/// </summary>
/// <param name="bytes">The mark.</param>
internal sealed class MemoryMark(long bytes)
{
    /// <summary>Looks that find too much before it is taken for true.</summary>
    public const int Looks = 3;

    private int _overInARow;
    private volatile bool _isOver;

    public long Bytes => bytes;

    public bool IsOver => _isOver;

    public static MemoryMark Of(LimitsOptions limits) => new(limits.Memory ?? FourFifthsOfMemory());

    /// <summary>Takes a look's figure; true when garbage should be collected before the next one.</summary>
    /// <param name="used">Bytes that the process uses.</param>
    public bool Observe(long used)
    {
        if (_isOver)
        {
            _isOver = used > bytes - (bytes / 10);
            _overInARow = 0;
            return false;
        }

        _overInARow = used > bytes ? _overInARow + 1 : 0;
        _isOver = _overInARow >= Looks;
        return _overInARow == 1;
    }

    // Of the container, where it has less than the machine.
    private static long FourFifthsOfMemory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
}
