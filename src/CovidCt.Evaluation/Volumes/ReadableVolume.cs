using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>Reading volumes some of whose slices may be damaged.</summary>
internal static class ReadableVolume
{
    /// <summary>A slice; null where it can't be read.</summary>
    public static CtSlice? TryRead(this ICtVolume volume, int slice)
    {
        try
        {
            return volume.Read(slice);
        }
        catch (ImageRejectedException)
        {
            return null;
        }
    }
}
