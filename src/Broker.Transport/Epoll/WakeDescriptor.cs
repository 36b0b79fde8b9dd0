using Microsoft.Win32.SafeHandles;

namespace Broker.Transport.Epoll;

/// <summary>An eventfd whose number stays its own as long as anybody is writing to it.</summary>
internal sealed unsafe class WakeDescriptor : SafeHandleMinusOneIsInvalid
{
    public WakeDescriptor()
        : base(ownsHandle: true)
    {
        SetHandle(Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), nameof(Libc.eventfd)));
    }

    /// <summary>For the poller that owns it.</summary>
    public int Number => (int)handle;

    /// <summary>Does nothing once it is closed. From any thread.</summary>
    public void Write()
    {
        var isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            ulong one = 1;
            _ = Libc.write(Number, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop is gone, and nobody waits any more.
        }
        finally
        {
            if (isHeld)
            {
                DangerousRelease();
            }
        }
    }

    protected override bool ReleaseHandle() => Libc.close(Number) == 0;
}
