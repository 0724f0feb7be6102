using CovidCt.Maps;
using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>Makes the maps that are audited: one for each image, of the class given for it.</summary>
/// <param name="backbone">The network, or a copy of it with randomised layers; in evaluation mode or not.</param>
/// <param name="images">float32 [N, 3, H, W].</param>
/// <param name="classes">N classes.</param>
internal delegate IReadOnlyList<ClassActivationMap> MapMaker(IBackbone backbone, Tensor images, IReadOnlyList<int> classes);
