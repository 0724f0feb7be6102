using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>
/// Axial CT slices that were made together, from the feet to the head, whatever they are stored in. Each slice is turned so that its rows
/// go from the patient's right to the left and its columns from front to back.
/// </summary>
/// <remarks>It may be read from many threads at once.</remarks>
public interface ICtVolume
{
    /// <summary>What the volume is called: no name or number of a patient.</summary>
    string Name { get; }

    /// <summary>Whether a manifest may call the volume so: by its name, or by another that its kind gives it.</summary>
    /// <param name="name">The name.</param>
    bool IsCalled(string name) => name == Name;

    /// <summary>Whose it is, such as a hash of the patient's number; null where that is unknown.</summary>
    string? Patient { get; }

    /// <summary>Where it comes from, such as institution and scanner; null where that is unknown.</summary>
    string? Source { get; }

    /// <summary>How many slices there are, at least 1.</summary>
    int Count { get; }

    /// <summary>
    /// Where the voxels lie; null where the files don't say it, or where slices are of several sizes, turned or unevenly spaced.
    /// </summary>
    VolumeGeometry? Geometry { get; }

    /// <summary>What a person has to know of it, a whole sentence each; none names a patient.</summary>
    IReadOnlyList<string> Findings { get; }

    /// <summary>How far along the body a slice lies, in millimetres towards the head; null where the files don't say it.</summary>
    /// <param name="slice">Which slice, from 0.</param>
    double? LocationOf(int slice);

    /// <summary>The file that a slice is read from.</summary>
    /// <param name="slice">Which slice, from 0.</param>
    string FileOf(int slice);

    /// <summary>Reads a slice.</summary>
    /// <param name="slice">Which slice, from 0.</param>
    /// <exception cref="ImageRejectedException">It can't be read; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    CtSlice Read(int slice);

    /// <summary>
    /// Lets go of what is kept so that slices are read sooner, such as an inflated file; a slice that is read later is read anew. By
    /// default nothing is kept.
    /// </summary>
    void Release()
    {
    }
}
