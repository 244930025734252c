<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Cannot save &quot;{path}&quot;: it is a folder.</source>
        <translation>无法保存“{path}”：它是一个文件夹。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: the folder &quot;{folder}&quot; does not exist.</source>
        <translation>无法保存“{path}”：文件夹“{folder}”不存在。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: the file is write-protected.</source>
        <translation>无法保存“{path}”：文件有写保护。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: the folder &quot;{folder}&quot; is write-protected.</source>
        <translation>无法保存“{path}”：文件夹“{folder}”有写保护。</translation>
    </message>
    <message>
        <source>The folder &quot;{folder}&quot; cannot be made: {reason}.</source>
        <translation>无法建立文件夹“{folder}”：{reason}。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: {reason}.</source>
        <translation>无法保存“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>The device&apos;s memory does not even hold one candidate.</source>
        <translation>设备内存连一个候选都放不下。</translation>
    </message>
    <message>
        <source>chosen by the user</source>
        <translation>由用户选定</translation>
    </message>
    <message>
        <source>the region lies in a face</source>
        <translation>该区域位于人脸中</translation>
    </message>
    <message>
        <source>“{varied}” for the sake of variations: those of “{usual}” are nearly alike</source>
        <translation>为得到不同的变体改用“{varied}”：“{usual}”的变体几乎相同</translation>
    </message>
    <message>
        <source>no face was found around the region</source>
        <translation>该区域周围未发现人脸</translation>
    </message>
    <message>
        <source>square set by hand</source>
        <translation>方框由手动设定</translation>
    </message>
    <message>
        <source>aligned to the face</source>
        <translation>已对齐到人脸</translation>
    </message>
    <message>
        <source>no face was found to align to, so the square is centred on the region</source>
        <translation>未发现可对齐的人脸，因此方框以该区域为中心</translation>
    </message>
    <message>
        <source>the prior “{name}” does not fit</source>
        <translation>先验网络“{name}”不适合</translation>
    </message>
    <message>
        <source>goes on from an earlier search</source>
        <translation>接着上一次搜索继续</translation>
    </message>
    <message>
        <source>No prior is installed: the folder of weights is missing or empty.</source>
        <translation>没有安装先验网络：权重文件夹不存在或为空。</translation>
    </message>
    <message>
        <source>The device “{device}” failed ({problem}); the CPU took over.</source>
        <translation>设备“{device}”出错（{problem}），已改用处理器（CPU）。</translation>
    </message>
    <message>
        <source>its blocks cannot be read</source>
        <translation>无法读取它的数据块</translation>
    </message>
    <message>
        <source>the library jpeglib is not installed</source>
        <translation>没有安装 jpeglib 库</translation>
    </message>
    <message>
        <source>its colours are not stored as brightness and chroma</source>
        <translation>它的颜色不是以亮度和色度存储的</translation>
    </message>
    <message>
        <source>its chroma is sampled in an unusual way</source>
        <translation>它的色度采样方式不常见</translation>
    </message>
    <message>
        <source>OpenCV&apos;s face cascade is missing: {path}</source>
        <translation>缺少 OpenCV 的人脸检测文件：{path}</translation>
    </message>
    <message>
        <source>“{name}” is not a device; use auto, cpu, cuda, cuda:1 or mps.</source>
        <translation>“{name}”不是设备；请用 auto、cpu、cuda、cuda:1 或 mps。</translation>
    </message>
    <message>
        <source>There is no device “{name}” on this machine; it has: {devices}.</source>
        <translation>本机没有设备“{name}”；可用的有：{devices}。</translation>
    </message>
    <message>
        <source>The device has not enough memory for this fill; close what else uses it, or choose the device “cpu”.</source>
        <translation>设备内存不足以完成这次填充；请关闭其他占用它的程序，或选择设备“cpu”。</translation>
    </message>
    <message>
        <source>There is not enough memory for this fill; close other programs, or paint a smaller area.</source>
        <translation>内存不足以完成这次填充；请关闭其他程序，或涂抹较小的区域。</translation>
    </message>
    <message>
        <source>the prior “{name}”</source>
        <translation>先验网络“{name}”</translation>
    </message>
    <message>
        <source>The weights of the prior “{name}” ({path}) cannot be used: {error}</source>
        <translation>无法使用先验网络“{name}”的权重（{path}）：{error}</translation>
    </message>
    <message>
        <source>The prior “{name}” has the unknown architecture “{architecture}”.</source>
        <translation>先验网络“{name}”的结构“{architecture}”未知。</translation>
    </message>
    <message>
        <source>none is installed</source>
        <translation>一个也没有安装</translation>
    </message>
    <message>
        <source>There is no prior called “{name}”; known priors: {known}.</source>
        <translation>没有名为“{name}”的先验网络；已有的先验网络：{known}。</translation>
    </message>
    <message>
        <source>it cannot be coded</source>
        <translation>无法编码</translation>
    </message>
    <message>
        <source>There is no preset called “{name}”; known presets: {known}.</source>
        <translation>没有名为“{name}”的预设；已有的预设：{known}。</translation>
    </message>
    <message>
        <source>This photo has a change that a recipe cannot repeat.</source>
        <translation>这张照片有配方无法重复的更改。</translation>
    </message>
    <message>
        <source>“{path}” is larger than any recipe may be.</source>
        <translation>“{path}”超过了配方允许的大小。</translation>
    </message>
    <message>
        <source>The recipe “{path}” cannot be read: {reason}.</source>
        <translation>无法读取配方“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>“{path}” is not a recipe that can be followed: {error}.</source>
        <translation>“{path}”不是可以执行的配方：{error}。</translation>
    </message>
    <message>
        <source>its {name} block is larger than the 64 KiB that JPEG allows</source>
        <translation>它的 {name} 数据块超过了 JPEG 允许的 64 KiB</translation>
    </message>
    <message>
        <source>its colour profile is larger than JPEG allows</source>
        <translation>它的颜色配置文件超过了 JPEG 允许的大小</translation>
    </message>
    <message>
        <source>used all the same</source>
        <translation>仍然采用</translation>
    </message>
    <message>
        <source>texture of the photo only</source>
        <translation>只用照片自身的纹理</translation>
    </message>
    <message>
        <source>it fits badly (error {error:.3f}, usually below {typical:.3f}): {verdict}</source>
        <translation>适合程度差（误差 {error:.3f}，通常低于 {typical:.3f}）：{verdict}</translation>
    </message>
    <message>
        <source>The photo is too long and thin for a hole of this length; paint a shorter part of it.</source>
        <translation>对这么长的孔洞来说照片太细长；请涂抹较短的一段。</translation>
    </message>
    <message>
        <source>The mask has another size than the photo.</source>
        <translation>蒙版与照片的大小不同。</translation>
    </message>
    <message>
        <source>The excluded area has another size than the photo.</source>
        <translation>排除取样区与照片的大小不同。</translation>
    </message>
    <message>
        <source>Nothing is painted: the mask is empty.</source>
        <translation>还没有涂抹：蒙版是空的。</translation>
    </message>
    <message>
        <source>Everything is painted: leave some of the photo unpainted.</source>
        <translation>整张照片都涂满了：请留出一部分不涂。</translation>
    </message>
    <message>
        <source>The number of candidates must be between 1 and {most}.</source>
        <translation>候选数必须在 1 到 {most} 之间。</translation>
    </message>
    <message>
        <source>The context square is empty.</source>
        <translation>上下文方框是空的。</translation>
    </message>
    <message>
        <source>The number of variations must be between 1 and {most}.</source>
        <translation>变体数必须在 1 到 {most} 之间。</translation>
    </message>
    <message>
        <source>it comes from no JPEG</source>
        <translation>它不是来自 JPEG</translation>
    </message>
    <message>
        <source>it has another size or depth now</source>
        <translation>它的大小或位深已改变</translation>
    </message>
    <message>
        <source>its blocks could not be written</source>
        <translation>无法写入它的数据块</translation>
    </message>
    <message>
        <source>No manifest.toml beside “{weights}” has a row for it.</source>
        <translation>“{weights}”旁没有 manifest.toml 记载它。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: there is not enough memory.</source>
        <translation>无法打开“{path}”：内存不足。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: it is damaged, or of a kind that cannot be read.</source>
        <translation>无法打开“{path}”：文件已损坏，或属于无法读取的类型。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: there is not enough memory.</source>
        <translation>无法保存“{path}”：内存不足。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot; as {image_format}: {error}.</source>
        <translation>无法将“{path}”保存为 {image_format}：{error}。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: its name must end in one of {endings}.</source>
        <translation>无法保存“{path}”：文件名必须以下列之一结尾：{endings}。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: {image_format} holds at most {limit} pixels per side.</source>
        <translation>无法保存“{path}”：{image_format} 每边最多 {limit} 像素。</translation>
    </message>
    <message>
        <source>Cannot save &quot;{path}&quot;: JPEG cannot hold transparency; use PNG, TIFF or WebP.</source>
        <translation>无法保存“{path}”：JPEG 不支持透明；请用 PNG、TIFF 或 WebP。</translation>
    </message>
    <message>
        <source>The mask &quot;{path}&quot; is {width} × {height} pixels, but the photo is {photo_width} × {photo_height}.</source>
        <translation>蒙版“{path}”为 {width} × {height} 像素，而照片为 {photo_width} × {photo_height}。</translation>
    </message>
    <message>
        <source>Cannot save the mask &quot;{path}&quot; as JPEG, which would blur it; use PNG.</source>
        <translation>无法将蒙版“{path}”保存为 JPEG，那会使它模糊；请用 PNG。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: the file is larger than any photo may be.</source>
        <translation>无法打开“{path}”：文件超过了照片允许的大小。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: there is no such file.</source>
        <translation>无法打开“{path}”：没有这个文件。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: it is a folder.</source>
        <translation>无法打开“{path}”：它是一个文件夹。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: {reason}.</source>
        <translation>无法打开“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>Cannot open &quot;{path}&quot;: the file is empty.</source>
        <translation>无法打开“{path}”：文件是空的。</translation>
    </message>
    <message>
        <source>&quot;{path}&quot; {error}</source>
        <translation>“{path}”{error}</translation>
    </message>
    <message>
        <source>&quot;{path}&quot; claims {width} × {height} pixels; at most {most} megapixels can be opened.</source>
        <translation>“{path}”声称有 {width} × {height} 像素；最多能打开 {most} 百万像素。</translation>
    </message>
    <message>
        <source>The whole JPEG was compressed again, because {error}.</source>
        <translation>整个 JPEG 已重新压缩，因为{error}。</translation>
    </message>
    <message>
        <source>The photo was CMYK; the file is RGB.</source>
        <translation>照片原为 CMYK，文件为 RGB。</translation>
    </message>
    <message>
        <source>The photo has 16 bits per channel; {image_format} holds 8.</source>
        <translation>照片每通道 16 位；{image_format} 只能存 8 位。</translation>
    </message>
    <message>
        <source>BMP holds no metadata and no colour profile.</source>
        <translation>BMP 不能保存元数据和颜色配置文件。</translation>
    </message>
    <message>
        <source>The list of priors “{path}” cannot be read: {error}</source>
        <translation>无法读取先验网络列表“{path}”：{error}</translation>
    </message>
    <message>
        <source>The list of priors “{path}” names a file outside its folder: “{file}”.</source>
        <translation>先验网络列表“{path}”指向了其文件夹以外的文件：“{file}”。</translation>
    </message>
    <message>
        <source>The weights of {what} ({path}) are larger than any may be.</source>
        <translation>{what}的权重（{path}）超过了允许的大小。</translation>
    </message>
    <message>
        <source>The weights of {what} ({path}) cannot be read: {reason}.</source>
        <translation>无法读取{what}的权重（{path}）：{reason}。</translation>
    </message>
    <message>
        <source>The weights of {what} ({path}) are not the file that its manifest names.</source>
        <translation>{what}的权重（{path}）不是其清单所指的文件。</translation>
    </message>
    <message>
        <source>The weights of {what} contain values that are not numbers.</source>
        <translation>{what}的权重含有不是数字的值。</translation>
    </message>
    <message>
        <source>ends too early; it is damaged or was not copied completely.</source>
        <translation>不完整：文件已损坏，或没有复制完。</translation>
    </message>
    <message>
        <source>is damaged.</source>
        <translation>已损坏。</translation>
    </message>
    <message>
        <source>is an animation; only still images can be opened.</source>
        <translation>是动画；只能打开静态图像。</translation>
    </message>
    <message>
        <source>GIF image</source>
        <translation>GIF 图像</translation>
    </message>
    <message>
        <source>HEIF image</source>
        <translation>HEIF 图像</translation>
    </message>
    <message>
        <source>JPEG XL image</source>
        <translation>JPEG XL 图像</translation>
    </message>
    <message>
        <source>JPEG 2000 image</source>
        <translation>JPEG 2000 图像</translation>
    </message>
    <message>
        <source>BigTIFF image</source>
        <translation>BigTIFF 图像</translation>
    </message>
    <message>
        <source>Photoshop document</source>
        <translation>Photoshop 文档</translation>
    </message>
    <message>
        <source>GIMP document</source>
        <translation>GIMP 文档</translation>
    </message>
    <message>
        <source>PDF document</source>
        <translation>PDF 文档</translation>
    </message>
    <message>
        <source>is a {name}, which cannot be opened; convert it to PNG, JPEG, TIFF or WebP first.</source>
        <translation>是 {name}，无法打开；请先转换为 PNG、JPEG、TIFF 或 WebP。</translation>
    </message>
    <message>
        <source>is not an image in a format that can be opened (JPEG, PNG, TIFF, WebP, BMP, HEIC, AVIF).</source>
        <translation>不是能打开的图像格式（JPEG、PNG、TIFF、WebP、BMP、HEIC、AVIF）。</translation>
    </message>
    <message>
        <source>is a JPEG with {precision} bits per channel; only 8 can be opened.</source>
        <translation>是每通道 {precision} 位的 JPEG；只能打开 8 位的。</translation>
    </message>
    <message>
        <source>is a CMYK or Lab TIFF; convert it to RGB first.</source>
        <translation>是 CMYK 或 Lab 格式的 TIFF；请先转换为 RGB。</translation>
    </message>
    <message>
        <source>is a TIFF with floating-point, signed or unusual samples; convert it to 8 or 16 bits first.</source>
        <translation>是含浮点、有符号或特殊采样的 TIFF；请先转换为 8 位或 16 位。</translation>
    </message>
    <message>
        <source>is a grey TIFF with transparency; convert it to PNG or to RGB first.</source>
        <translation>是带透明的灰度 TIFF；请先转换为 PNG 或 RGB。</translation>
    </message>
    <message>
        <source>is a 16-bit TIFF with a plane per channel; save it with interleaved channels first.</source>
        <translation>是各通道分开存储的 16 位 TIFF；请先另存为通道交错的格式。</translation>
    </message>
    <message>
        <source>is a HEIC image; to open such files, install their decoder: pip install &apos;inpaintgui[heif]&apos;.</source>
        <translation>是 HEIC 图像；要打开此类文件，请安装解码器：pip install &apos;inpaintgui[heif]&apos;。</translation>
    </message>
    <message>
        <source>the finder “{name}”</source>
        <translation>查找网络“{name}”</translation>
    </message>
    <message>
        <source>The manifest beside “{path}” gives {what} a width that is not 1 to {widest}.</source>
        <translation>“{path}”旁的清单给{what}的宽度不在 1 到 {widest} 之间。</translation>
    </message>
    <message>
        <source>The weights of {what} ({path}) cannot be used: {error}</source>
        <translation>无法使用{what}的权重（{path}）：{error}</translation>
    </message>
    <message>
        <source>The network that finds people is not installed: weights/manifest.toml names none.</source>
        <translation>没有安装查找人物的网络：weights/manifest.toml 中没有记载。</translation>
    </message>
    <message>
        <source>Scribble on the object to select, or draw a box around it.</source>
        <translation>请在要选择的物体上涂画，或画一个框围住它。</translation>
    </message>
    <message>
        <source>The magic wand was used outside of the photo.</source>
        <translation>魔棒点在了照片之外。</translation>
    </message>
    <message>
        <source>The setting “{name}” must be of type {kind}, not {value}.</source>
        <translation>设置“{name}”的类型必须是 {kind}，而不是 {value}。</translation>
    </message>
    <message>
        <source>The setting “{name}” must be one of {allowed}, not {value}.</source>
        <translation>设置“{name}”必须是 {allowed} 之一，而不是 {value}。</translation>
    </message>
    <message>
        <source>The setting “{name}” must lie from {low} to {high}, not {value}.</source>
        <translation>设置“{name}”必须在 {low} 到 {high} 之间，而不是 {value}。</translation>
    </message>
    <message>
        <source>The default is used.</source>
        <translation>已改用默认值。</translation>
    </message>
    <message>
        <source>The settings in {path} cannot be read ({error}). The defaults are used.</source>
        <translation>无法读取 {path} 中的设置（{error}）。已改用默认值。</translation>
    </message>
    <message>
        <source>The settings in {path} are not a JSON object. The defaults are used.</source>
        <translation>{path} 中的设置不是 JSON 对象。已改用默认值。</translation>
    </message>
    <message>
        <source>it has settings that this version does not know ({names})</source>
        <translation>它含有此版本不认识的设置（{names}）</translation>
    </message>
    <message>
        <source>Nothing is marked yet: paint over what should be filled.</source>
        <translation>还没有标记：请涂抹要填充的部分。</translation>
    </message>
    <message>
        <source>“{name}” is not a project that can be opened: {error}.</source>
        <translation>“{name}”不是可以打开的项目：{error}。</translation>
    </message>
    <message>
        <source>“{name}” cannot be opened: there is not enough memory.</source>
        <translation>无法打开“{name}”：内存不足。</translation>
    </message>
    <message>
        <source>its format is not {expected}; perhaps a newer version of the program wrote it</source>
        <translation>它的格式不是 {expected}；也许是较新版本的程序写的</translation>
    </message>
    <message>
        <source>An undo step cannot be read back from the disk: {error}.</source>
        <translation>无法从磁盘读回撤销步骤：{error}。</translation>
    </message>
    <message>
        <source>An undo step cannot be read back from the disk: it is not whole any more.</source>
        <translation>无法从磁盘读回撤销步骤：它已不完整。</translation>
    </message>
    <message>
        <source>The mask is {size} pixels ({kind}); this photo needs an 8-bit one of {width} × {height} pixels.</source>
        <translation>蒙版为 {size} 像素（{kind}）；这张照片需要 {width} × {height} 像素的 8 位蒙版。</translation>
    </message>
    <message>
        <source>The project “{path}” cannot be read: {reason}.</source>
        <translation>无法读取项目“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>“{path}” is not a project, or it is damaged.</source>
        <translation>“{path}”不是项目，或已损坏。</translation>
    </message>
    <message>
        <source>“{path}” has more parts than any project may have.</source>
        <translation>“{path}”的部分数超过了项目允许的上限。</translation>
    </message>
    <message>
        <source>The project “{path}” is damaged: a part is compressed twice.</source>
        <translation>项目“{path}”已损坏：有一部分被压缩了两次。</translation>
    </message>
    <message>
        <source>The project “{path}” lacks a part.</source>
        <translation>项目“{path}”缺少一部分。</translation>
    </message>
    <message>
        <source>The project “{path}” is damaged: {error}.</source>
        <translation>项目“{path}”已损坏：{error}。</translation>
    </message>
    <message>
        <source>The project “{path}” has a part that is larger than it may be.</source>
        <translation>项目“{path}”有一部分超过了允许的大小。</translation>
    </message>
    <message>
        <source>The project is damaged: it names the same parts again and again.</source>
        <translation>项目已损坏：它反复引用同样的部分。</translation>
    </message>
    <message>
        <source>“{path}” is larger than it may be.</source>
        <translation>“{path}”超过了允许的大小。</translation>
    </message>
    <message>
        <source>“{path}” cannot be read: {reason}.</source>
        <translation>无法读取“{path}”：{reason}。</translation>
    </message>
    <message>
        <source>The project “{path}” is damaged: a part does not have its hash.</source>
        <translation>项目“{path}”已损坏：有一部分与其哈希值不符。</translation>
    </message>
    <message>
        <source>{first} {then}</source>
        <translation>{first}{then}</translation>
    </message>
    <message>
        <source>{first}; {then}</source>
        <translation>{first}；{then}</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>设备或资源正忙</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>文件太大</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>读写错误</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>它是一个文件夹</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件太多</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>文件名太长</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>没有这个文件或文件夹</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁盘空间已满</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>它不是文件夹</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>不允许此操作</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统是只读的</translation>
    </message>
    <message>
        <source>There is not enough memory for this photo.</source>
        <translation>内存不足以处理这张照片。</translation>
    </message>
    <message>
        <source>This is a fault of the program: {kind}: {error}</source>
        <translation>这是程序的错误：{kind}：{error}</translation>
    </message>
    <message>
        <source>The mask is empty.</source>
        <translation>蒙版是空的。</translation>
    </message>
    <message>
        <source>No people were found.</source>
        <translation>没有找到人物。</translation>
    </message>
    <message>
        <source>No faces were found.</source>
        <translation>没有找到人脸。</translation>
    </message>
    <message>
        <source>There is no mask for “{photo}”.</source>
        <translation>“{photo}”没有对应的蒙版。</translation>
    </message>
    <message>
        <source>There is no photo among the inputs.</source>
        <translation>输入中没有照片。</translation>
    </message>
    <message>
        <source>There is no part {number} of {count}.</source>
        <translation>{count} 个部分中没有第 {number} 个。</translation>
    </message>
    <message>
        <source>There is no file or folder “{path}”.</source>
        <translation>没有文件或文件夹“{path}”。</translation>
    </message>
    <message>
        <source>A result would overwrite “{path}”; choose another folder for the results.</source>
        <translation>结果会覆盖“{path}”；请为结果选择另一个文件夹。</translation>
    </message>
    <message>
        <source>“{first}” and “{second}” would give results of the same name.</source>
        <translation>“{first}”和“{second}”的结果会同名。</translation>
    </message>
    <message>
        <source>The process that filled it ended unexpectedly; perhaps there was not enough memory.</source>
        <translation>填充它的进程意外结束；可能是内存不足。</translation>
    </message>
    <message>
        <source>--cluster needs Dask: pip install &apos;inpaintgui[cluster]&apos;.</source>
        <translation>--cluster 需要 Dask：pip install &apos;inpaintgui[cluster]&apos;。</translation>
    </message>
    <message>
        <source>No Dask scheduler answers at “{address}”.</source>
        <translation>“{address}”上没有 Dask 调度器应答。</translation>
    </message>
    <message>
        <source>The worker failed: {kind}: {error}</source>
        <translation>工作进程出错：{kind}：{error}</translation>
    </message>
    <message>
        <source>The number of processes must be at least 1.</source>
        <translation>进程数至少为 1。</translation>
    </message>
    <message>
        <source>“{path}” is there already{more}; say whether such results are to be kept or replaced (--resume or --overwrite).</source>
        <translation>“{path}”已经存在{more}；请说明这样的结果是保留还是替换（--resume 或 --overwrite）。</translation>
    </message>
    <message>
        <source>The result is there already.</source>
        <translation>结果已经存在。</translation>
    </message>
    <message>
        <source>, and {count} more</source>
        <translation>，另有 {count} 个</translation>
    </message>
</context>
<context>
    <name>AboutDialog</name>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Content-aware fill that searches the latent space of generative networks. Everything is computed on this computer. MIT licence.</source>
        <translation>在生成网络的潜空间中搜索的内容识别填充。全部计算都在本机完成。MIT 许可证。</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
    <message>
        <source>Save diagnostics…</source>
        <translation>保存诊断信息…</translation>
    </message>
    <message>
        <source>A zip file for a bug report: versions, settings and the log, which names the files that were opened. It holds nothing of what the photos show.</source>
        <translation>用于错误报告的 zip 文件：版本、设置和日志（日志中有打开过的文件名）。不含照片的任何画面内容。</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>保存诊断信息</translation>
    </message>
    <message>
        <source>The diagnostics cannot be saved.</source>
        <translation>无法保存诊断信息。</translation>
    </message>
    <message>
        <source>Saved to {}.</source>
        <translation>已保存到 {}。</translation>
    </message>
    <message>
        <source>The engine is still being loaded.</source>
        <translation>引擎仍在加载。</translation>
    </message>
    <message>
        <source>Networks, what they learnt from, and their terms</source>
        <translation>网络、训练数据及其使用条款</translation>
    </message>
    <message>
        <source>Versions and devices</source>
        <translation>版本与设备</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Select</source>
        <translation>选择(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>F&amp;ill</source>
        <translation>填充(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>Export &amp;as…</source>
        <translation>导出为(&amp;A)…</translation>
    </message>
    <message>
        <source>Save &amp;project…</source>
        <translation>保存项目(&amp;P)…</translation>
    </message>
    <message>
        <source>Write &amp;recipes beside exports</source>
        <translation>导出时附带配方(&amp;R)</translation>
    </message>
    <message>
        <source>Export map of &amp;changes…</source>
        <translation>导出改动图(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy the picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste as a photo</source>
        <translation>粘贴为照片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>Customise s&amp;hortcuts…</source>
        <translation>自定义快捷键(&amp;H)…</translation>
    </message>
    <message>
        <source>&amp;Clear mask</source>
        <translation>清除蒙版(&amp;C)</translation>
    </message>
    <message>
        <source>Clear e&amp;xcluded sources</source>
        <translation>清除排除的取样区(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Invert mask</source>
        <translation>反转蒙版(&amp;I)</translation>
    </message>
    <message>
        <source>Find &amp;faces</source>
        <translation>查找人脸(&amp;F)</translation>
    </message>
    <message>
        <source>Find pe&amp;ople</source>
        <translation>查找人物(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Grow…</source>
        <translation>扩大(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Shrink…</source>
        <translation>收缩(&amp;S)…</translation>
    </message>
    <message>
        <source>Fea&amp;ther…</source>
        <translation>羽化(&amp;T)…</translation>
    </message>
    <message>
        <source>S&amp;mooth…</source>
        <translation>平滑(&amp;M)…</translation>
    </message>
    <message>
        <source>Fill &amp;holes</source>
        <translation>填补孔洞(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Keep mask as…</source>
        <translation>保留蒙版为(&amp;K)…</translation>
    </message>
    <message>
        <source>Im&amp;port mask…</source>
        <translation>导入蒙版(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Export mask…</source>
        <translation>导出蒙版(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation>画笔(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>橡皮擦(&amp;E)</translation>
    </message>
    <message>
        <source>E&amp;xclude sources</source>
        <translation>排除取样(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation>套索(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Polygon</source>
        <translation>多边形(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation>矩形(&amp;R)</translation>
    </message>
    <message>
        <source>Ell&amp;ipse</source>
        <translation>椭圆(&amp;I)</translation>
    </message>
    <message>
        <source>Magic &amp;wand</source>
        <translation>魔棒(&amp;W)</translation>
    </message>
    <message>
        <source>S&amp;mart select</source>
        <translation>智能选择(&amp;M)</translation>
    </message>
    <message>
        <source>Swap &amp;adding and taking away</source>
        <translation>切换添加与减去(&amp;A)</translation>
    </message>
    <message>
        <source>Context &amp;squares</source>
        <translation>上下文方框(&amp;S)</translation>
    </message>
    <message>
        <source>Fill &amp;many photos…</source>
        <translation>批量填充照片(&amp;M)…</translation>
    </message>
    <message>
        <source>C&amp;lose the photo</source>
        <translation>关闭照片(&amp;L)</translation>
    </message>
    <message>
        <source>C&amp;opy what changed</source>
        <translation>复制更改的部分(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Clear context squares</source>
        <translation>清除上下文方框(&amp;C)</translation>
    </message>
    <message>
        <source>Smaller brus&amp;h</source>
        <translation>缩小画笔(&amp;H)</translation>
    </message>
    <message>
        <source>Lar&amp;ger brush</source>
        <translation>放大画笔(&amp;G)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>&amp;Fit the window</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>Show &amp;mask</source>
        <translation>显示蒙版(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Before and after</source>
        <translation>前后对比(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Side by side</source>
        <translation>并排对比(&amp;S)</translation>
    </message>
    <message>
        <source>Show &amp;uncertainty</source>
        <translation>显示不确定性(&amp;U)</translation>
    </message>
    <message>
        <source>Show context s&amp;quares</source>
        <translation>显示上下文方框(&amp;Q)</translation>
    </message>
    <message>
        <source>Ne&amp;xt photo</source>
        <translation>下一张照片(&amp;X)</translation>
    </message>
    <message>
        <source>Previous p&amp;hoto</source>
        <translation>上一张照片(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Fill</source>
        <translation>填充(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Next &amp;variation</source>
        <translation>下一个变体(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Previous variation</source>
        <translation>上一个变体(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Go to the search</source>
        <translation>转到搜索面板(&amp;G)</translation>
    </message>
    <message>
        <source>F&amp;orget the last search</source>
        <translation>忘记上次搜索(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;New seed</source>
        <translation>新的种子(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>查找命令(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>快捷键(&amp;S)</translation>
    </message>
    <message>
        <source>First s&amp;teps</source>
        <translation>入门提示(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>关于(&amp;A)</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>Paint what should be filled</source>
        <translation>涂抹要填充的部分</translation>
    </message>
    <message>
        <source>Alt+drag</source>
        <translation>Alt+拖动</translation>
    </message>
    <message>
        <source>Erase with the brush, paint with the eraser</source>
        <translation>用画笔擦除，用橡皮擦涂抹</translation>
    </message>
    <message>
        <source>Exclude sources: drag, Alt+drag</source>
        <translation>排除取样：拖动，Alt+拖动</translation>
    </message>
    <message>
        <source>Mark what must not be copied into the hole, allow it again</source>
        <translation>标记不得复制到空洞中的区域，或重新允许</translation>
    </message>
    <message>
        <source>Shift+click</source>
        <translation>Shift+单击</translation>
    </message>
    <message>
        <source>Straight line from the last stroke</source>
        <translation>从上一笔的终点画直线</translation>
    </message>
    <message>
        <source>Alt, Alt+Shift while selecting</source>
        <translation>选择时按 Alt、Alt+Shift</translation>
    </message>
    <message>
        <source>Take away from the mask, keep only what both have</source>
        <translation>从蒙版中减去，只保留两者共有的部分</translation>
    </message>
    <message>
        <source>Shift while dragging</source>
        <translation>拖动时按 Shift</translation>
    </message>
    <message>
        <source>Equal sides, circle</source>
        <translation>边长相等、正圆</translation>
    </message>
    <message>
        <source>Polygon: click, double click</source>
        <translation>多边形：单击、双击</translation>
    </message>
    <message>
        <source>Set a corner, close (also Enter); Backspace takes a corner back</source>
        <translation>添加顶点、闭合（也可按 Enter）；Backspace 撤回一个顶点</translation>
    </message>
    <message>
        <source>Smart select: scribble, Alt+scribble</source>
        <translation>智能选择：涂画、Alt+涂画</translation>
    </message>
    <message>
        <source>Mark the object, mark what is not the object; Esc begins anew</source>
        <translation>标出物体，标出不属于物体的部分；Esc 重新开始</translation>
    </message>
    <message>
        <source>Context square: corner, inside, handle</source>
        <translation>上下文方框：角、内部、手柄</translation>
    </message>
    <message>
        <source>Resize, move, turn (Shift: in steps of 15°)</source>
        <translation>调整大小、移动、旋转（Shift：每次 15°）</translation>
    </message>
    <message>
        <source>Wheel, Ctrl+wheel</source>
        <translation>滚轮、Ctrl+滚轮</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>以指针为中心缩放</translation>
    </message>
    <message>
        <source>Space+drag, middle drag</source>
        <translation>空格+拖动、中键拖动</translation>
    </message>
    <message>
        <source>Move the photo</source>
        <translation>移动照片</translation>
    </message>
    <message>
        <source>Tab held</source>
        <translation>按住 Tab</translation>
    </message>
    <message>
        <source>Show the original</source>
        <translation>显示原图</translation>
    </message>
    <message>
        <source>Esc while painting</source>
        <translation>涂抹时按 Esc</translation>
    </message>
    <message>
        <source>Take the stroke back</source>
        <translation>撤回这一笔</translation>
    </message>
    <message>
        <source>Space, Delete in the search</source>
        <translation>搜索面板中按空格、Delete</translation>
    </message>
    <message>
        <source>Pin or choose, drop; arrows move on</source>
        <translation>固定或选用、淘汰；方向键移动</translation>
    </message>
    <message>
        <source>Drag the handle in the bar</source>
        <translation>拖动工具栏中的手柄</translation>
    </message>
    <message>
        <source>Take the result to another program</source>
        <translation>把结果带到其他程序</translation>
    </message>
    <message>
        <source>Drop files</source>
        <translation>拖放文件</translation>
    </message>
    <message>
        <source>Open them</source>
        <translation>打开它们</translation>
    </message>
    <message>
        <source>Pointer and held keys</source>
        <translation>指针与按住的键</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>Something unexpected happened.</source>
        <translation>发生了意外情况。</translation>
    </message>
</context>
<context>
    <name>Autosave</name>
    <message>
        <source>This session cannot be kept for a crash: {}</source>
        <translation>无法为意外退出保存本次会话：{}</translation>
    </message>
</context>
<context>
    <name>Bars</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
</context>
<context>
    <name>Batch</name>
    <message>
        <source>filled</source>
        <translation>已填充</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>nothing to fill</source>
        <translation>无需填充</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>One mask for all photos</source>
        <translation>所有照片共用一个蒙版</translation>
    </message>
    <message>
        <source>A folder with a mask for each photo</source>
        <translation>每张照片一个蒙版的文件夹</translation>
    </message>
    <message>
        <source>Faces that are found</source>
        <translation>找到的人脸</translation>
    </message>
    <message>
        <source>People who are found</source>
        <translation>找到的人物</translation>
    </message>
    <message>
        <source>Keep them, fill the other photos</source>
        <translation>保留它们，只填充其余照片</translation>
    </message>
    <message>
        <source>Replace them</source>
        <translation>替换它们</translation>
    </message>
    <message>
        <source>Begin nothing</source>
        <translation>不开始</translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message>
        <source>Fill many photos</source>
        <translation>批量填充照片</translation>
    </message>
    <message>
        <source>Photos that are ready</source>
        <translation>已完成的照片</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>All photos were looked at.</source>
        <translation>所有照片都已处理。</translation>
    </message>
    <message>
        <source>Cancelled; what was ready stays.</source>
        <translation>已取消；已完成的结果会保留。</translation>
    </message>
    <message>
        <source>Looking for the photos…</source>
        <translation>正在查找照片…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{}, {} s</source>
        <translation>{}，{} 秒</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>{}: {}</source>
        <translation>{}：{}</translation>
    </message>
    <message>
        <source>The photos cannot be filled.</source>
        <translation>无法填充这些照片。</translation>
    </message>
    <message>
        <source>Filled with the settings of the fill panel: prior {}, budget {}.</source>
        <translation>使用填充面板的设置。先验网络：{}，计算量：{}。</translation>
    </message>
</context>
<context>
    <name>BatchForm</name>
    <message>
        <source>Photos and folders</source>
        <translation>照片和文件夹</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Each process needs the memory of one fill and a share of the processors.</source>
        <translation>每个进程需要一次填充的内存和一部分处理器。</translation>
    </message>
    <message>
        <source>Write a recipe beside each result</source>
        <translation>在每个结果旁写入配方</translation>
    </message>
    <message>
        <source>Add &amp;photos…</source>
        <translation>添加照片(&amp;P)…</translation>
    </message>
    <message>
        <source>Add &amp;folder…</source>
        <translation>添加文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Results in</source>
        <translation>结果保存到</translation>
    </message>
    <message>
        <source>Results that are there</source>
        <translation>已有的结果</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程数</translation>
    </message>
    <message>
        <source>Add photos</source>
        <translation>添加照片</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>BlendRow</name>
    <message>
        <source>Blend of two variations</source>
        <translation>两个变体的混合</translation>
    </message>
    <message>
        <source>First variation</source>
        <translation>第一个变体</translation>
    </message>
    <message>
        <source>Second variation</source>
        <translation>第二个变体</translation>
    </message>
</context>
<context>
    <name>BrushSize</name>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>Brush size ([ and ])</source>
        <translation>画笔大小（[ 和 ]）</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Select {}</source>
        <translation>选择{}</translation>
    </message>
    <message>
        <source>Reject {}</source>
        <translation>拒绝{}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>输入想做的事</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands that fit</source>
        <translation>匹配的命令</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>The shortcuts cannot be kept.</source>
        <translation>无法保存快捷键。</translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>图片已复制到剪贴板。</translation>
    </message>
    <message>
        <source>What changed is on the clipboard, the rest is transparent.</source>
        <translation>更改的部分已在剪贴板上，其余部分透明。</translation>
    </message>
    <message>
        <source>Nothing has changed since the photo was opened.</source>
        <translation>照片打开以来没有任何更改。</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>剪贴板上没有图片。</translation>
    </message>
</context>
<context>
    <name>Controller</name>
    <message>
        <source>The fill engine cannot be loaded.</source>
        <translation>无法加载填充引擎。</translation>
    </message>
    <message>
        <source>This step cannot be undone or redone.</source>
        <translation>这一步无法撤销或重做。</translation>
    </message>
    <message>
        <source>The fill cannot start.</source>
        <translation>无法开始填充。</translation>
    </message>
    <message>
        <source>Filled in {:.1f} s.</source>
        <translation>已填充，用时 {:.1f} 秒。</translation>
    </message>
    <message>
        <source>Variations that can be told apart: {} of {}.</source>
        <translation>能区分开的变体：{}/{}。</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Export photo</source>
        <translation>导出照片</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>保存项目</translation>
    </message>
    <message>
        <source>Restore the last session</source>
        <translation>恢复上次会话</translation>
    </message>
    <message>
        <source>The program ended unexpectedly while “{}” was open.</source>
        <translation>程序在打开“{}”时意外退出。</translation>
    </message>
    <message>
        <source>a photo</source>
        <translation>一张照片</translation>
    </message>
    <message>
        <source>The photo, the mask and the history can be restored as they were on {}.</source>
        <translation>照片、蒙版和历史记录可以恢复到 {} 时的状态。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Open photos</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>The same goes for the other photos that were open: {}.</source>
        <translation>其他打开过的照片同样处理：{} 张。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>“{}” has changes that were not exported.</source>
        <translation>“{}”有尚未导出的更改。</translation>
    </message>
    <message>
        <source>If you do not export them, they are lost.</source>
        <translation>如果不导出，更改将丢失。</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Fill many photos</source>
        <translation>批量填充照片</translation>
    </message>
    <message>
        <source>Photos are still being filled.</source>
        <translation>仍有照片正在填充。</translation>
    </message>
    <message>
        <source>What is ready stays. The photos that are left can be filled later.</source>
        <translation>已完成的会保留，其余照片可以以后再填充。</translation>
    </message>
    <message>
        <source>Stop filling</source>
        <translation>停止填充</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续填充</translation>
    </message>
    <message>
        <source>Grow mask</source>
        <translation>扩大蒙版</translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation>收缩蒙版</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>羽化蒙版</translation>
    </message>
    <message>
        <source>Smooth mask</source>
        <translation>平滑蒙版</translation>
    </message>
    <message>
        <source>By how many pixels of the photo</source>
        <translation>照片中的像素数</translation>
    </message>
    <message>
        <source>Keep mask</source>
        <translation>保留蒙版</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Import mask</source>
        <translation>导入蒙版</translation>
    </message>
    <message>
        <source>Export mask</source>
        <translation>导出蒙版</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>This is a fault of the program, not yours: {}</source>
        <translation>这是程序的错误，不是您的：{}</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>显示详情</translation>
    </message>
</context>
<context>
    <name>Explorer</name>
    <message>
        <source>This answer cannot be shown.</source>
        <translation>无法显示这个结果。</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>The photo cannot be opened.</source>
        <translation>无法打开照片。</translation>
    </message>
    <message>
        <source>Opening what was pasted…</source>
        <translation>正在打开粘贴的图片…</translation>
    </message>
    <message>
        <source>Opening {}…</source>
        <translation>正在打开 {}…</translation>
    </message>
    <message>
        <source>The last session cannot be restored.</source>
        <translation>无法恢复上次会话。</translation>
    </message>
    <message>
        <source>Restoring…</source>
        <translation>正在恢复…</translation>
    </message>
    <message>
        <source>untitled</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Project saved to {}.</source>
        <translation>项目已保存到 {}。</translation>
    </message>
    <message>
        <source>The project cannot be saved.</source>
        <translation>无法保存项目。</translation>
    </message>
    <message>
        <source>Saving {}…</source>
        <translation>正在保存 {}…</translation>
    </message>
    <message>
        <source>Exported to {}.</source>
        <translation>已导出到 {}。</translation>
    </message>
    <message>
        <source>The photo cannot be exported.</source>
        <translation>无法导出照片。</translation>
    </message>
    <message>
        <source>Exporting {}…</source>
        <translation>正在导出 {}…</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>FillPanel</name>
    <message>
        <source>Context squares are set by hand. &lt;a href=&apos;clear&apos;&gt;Clear&lt;/a&gt;</source>
        <translation>上下文方框由手动设定。&lt;a href=&apos;clear&apos;&gt;清除&lt;/a&gt;</translation>
    </message>
    <message>
        <source>Goes on from the last search. &lt;a href=&apos;forget&apos;&gt;Forget it&lt;/a&gt;</source>
        <translation>从上次搜索继续。&lt;a href=&apos;forget&apos;&gt;忘记它&lt;/a&gt;</translation>
    </message>
    <message>
        <source>How long the fill will take, from what fills took before</source>
        <translation>根据以往填充用时估计的所需时间</translation>
    </message>
    <message>
        <source>Fill next</source>
        <translation>填充下一个</translation>
    </message>
    <message>
        <source>Waiting fills: {}. &lt;a href=&apos;drop&apos;&gt;Drop them&lt;/a&gt;</source>
        <translation>等待中的填充：{}。&lt;a href=&apos;drop&apos;&gt;放弃它们&lt;/a&gt;</translation>
    </message>
    <message>
        <source>≈ {}</source>
        <translation>≈ {}</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
</context>
<context>
    <name>FillQueue</name>
    <message>
        <source>Queued. Fills that wait: {}.</source>
        <translation>已排队。等待中的填充：{}。</translation>
    </message>
    <message>
        <source>The photo changed where it was being filled, so the result was dropped.</source>
        <translation>照片在填充处已被更改，因此结果被放弃。</translation>
    </message>
    <message>
        <source>The fill did not succeed.</source>
        <translation>填充没有成功。</translation>
    </message>
    <message>
        <source>Fill cancelled. Nothing was changed.</source>
        <translation>填充已取消，没有任何改动。</translation>
    </message>
</context>
<context>
    <name>FillSettings</name>
    <message>
        <source>&amp;Prior</source>
        <translation>先验网络(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Budget</source>
        <translation>计算量(&amp;B)</translation>
    </message>
    <message>
        <source>C&amp;andidates</source>
        <translation>候选数(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Variations</source>
        <translation>变体数(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>种子(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Published: Amos 2016</source>
        <translation>已发表：Amos 2016</translation>
    </message>
    <message>
        <source>Published: Yeh et al. 2017</source>
        <translation>已发表：Yeh 等 2017</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器（CPU）</translation>
    </message>
    <message>
        <source>As budgeted</source>
        <translation>按计算量</translation>
    </message>
    <message>
        <source>{} (missing)</source>
        <translation>{}（缺失）</translation>
    </message>
    <message>
        <source>Knows</source>
        <translation>擅长</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练数据</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>TIFF</source>
        <translation>TIFF</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>BMP</source>
        <translation>BMP</translation>
    </message>
    <message>
        <source>HEIC</source>
        <translation>HEIC</translation>
    </message>
    <message>
        <source>AVIF</source>
        <translation>AVIF</translation>
    </message>
    <message>
        <source>Photos and projects</source>
        <translation>照片和项目</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <source>1 · Mark</source>
        <translation>1 · 标记</translation>
    </message>
    <message>
        <source>Paint over what should go. W is the magic wand, Shift+W finds an object.</source>
        <translation>涂抹要去掉的东西。W 是魔棒，Shift+W 可找出整个物体。</translation>
    </message>
    <message>
        <source>2 · Fill</source>
        <translation>2 · 填充</translation>
    </message>
    <message>
        <source>Press Enter. Esc cancels and changes nothing; Tab held shows the original.</source>
        <translation>按 Enter。Esc 取消且不做任何改动；按住 Tab 显示原图。</translation>
    </message>
    <message>
        <source>3 · Go on</source>
        <translation>3 · 继续</translation>
    </message>
    <message>
        <source>Undo as you like. Ctrl+Shift+P finds every command, F1 lists all keys.</source>
        <translation>可随意撤销。Ctrl+Shift+P 查找任何命令，F1 列出所有按键。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮擦</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>清除蒙版</translation>
    </message>
    <message>
        <source>Exclude sources</source>
        <translation>排除取样</translation>
    </message>
    <message>
        <source>Allow sources</source>
        <translation>允许取样</translation>
    </message>
    <message>
        <source>Clear excluded sources</source>
        <translation>清除排除的取样区</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>反转蒙版</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>椭圆</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>套索</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>Magic wand</source>
        <translation>魔棒</translation>
    </message>
    <message>
        <source>Smart select</source>
        <translation>智能选择</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Grow mask</source>
        <translation>扩大蒙版</translation>
    </message>
    <message>
        <source>Shrink mask</source>
        <translation>收缩蒙版</translation>
    </message>
    <message>
        <source>Feather mask</source>
        <translation>羽化蒙版</translation>
    </message>
    <message>
        <source>Smooth mask</source>
        <translation>平滑蒙版</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>填补孔洞</translation>
    </message>
    <message>
        <source>Import mask</source>
        <translation>导入蒙版</translation>
    </message>
    <message>
        <source>Recall mask</source>
        <translation>取回蒙版</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>Earlier steps dropped</source>
        <translation>更早的步骤已丢弃</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>已打开</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
</context>
<context>
    <name>LossPlot</name>
    <message>
        <source>Loss of the leading candidate over the steps</source>
        <translation>领先候选的损失随步数的变化</translation>
    </message>
</context>
<context>
    <name>MaskFiles</name>
    <message>
        <source>Mask {}</source>
        <translation>蒙版 {}</translation>
    </message>
    <message>
        <source>The mask cannot be opened.</source>
        <translation>无法打开蒙版。</translation>
    </message>
    <message>
        <source>photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Mask exported to {}.</source>
        <translation>蒙版已导出到 {}。</translation>
    </message>
    <message>
        <source>The mask cannot be exported.</source>
        <translation>无法导出蒙版。</translation>
    </message>
    <message>
        <source>Map of changes exported to {}.</source>
        <translation>改动图已导出到 {}。</translation>
    </message>
    <message>
        <source>The map of changes cannot be exported.</source>
        <translation>无法导出改动图。</translation>
    </message>
</context>
<context>
    <name>MaskImport</name>
    <message>
        <source>Import mask</source>
        <translation>导入蒙版</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Dark is the hole</source>
        <translation>暗部为孔洞</translation>
    </message>
    <message>
        <source>&amp;Threshold</source>
        <translation>阈值(&amp;T)</translation>
    </message>
    <message>
        <source>{}, {} pixels</source>
        <translation>{}，{} 像素</translation>
    </message>
    <message>
        <source>{}, {} pixels, will be scaled to {}</source>
        <translation>{}，{} 像素，将缩放到 {}</translation>
    </message>
    <message>
        <source>{:.1f} % of the photo becomes the hole</source>
        <translation>照片的 {:.1f} % 将成为孔洞</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Recall mask</source>
        <translation>取回蒙版(&amp;R)</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Open a &amp;sample</source>
        <translation>打开示例(&amp;S)</translation>
    </message>
</context>
<context>
    <name>OriginalView</name>
    <message>
        <source>Original</source>
        <translation>原图</translation>
    </message>
    <message>
        <source>The photo as it was opened</source>
        <translation>打开时的照片</translation>
    </message>
</context>
<context>
    <name>OutcomePage</name>
    <message>
        <source>The region whose answers are shown</source>
        <translation>正在显示结果的区域</translation>
    </message>
    <message>
        <source>Steps of the search</source>
        <translation>搜索的步骤</translation>
    </message>
    <message>
        <source>texture only</source>
        <translation>仅纹理</translation>
    </message>
    <message>
        <source>Region {}: {}</source>
        <translation>区域 {}：{}</translation>
    </message>
    <message>
        <source>Variation {}</source>
        <translation>变体 {}</translation>
    </message>
    <message>
        <source>The variations cannot be shown.</source>
        <translation>无法显示变体。</translation>
    </message>
    <message>
        <source>Step {} of {}</source>
        <translation>第 {} 步，共 {} 步</translation>
    </message>
    <message>
        <source>{}, painting…</source>
        <translation>{}，正在绘制…</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>The fill is undone. Choose a variation to have it back.</source>
        <translation>填充已撤销。选择一个变体即可恢复。</translation>
    </message>
    <message>
        <source>{:.0f} % from {} to {}</source>
        <translation>{:.0f} %，从 {} 到 {}</translation>
    </message>
</context>
<context>
    <name>PathRow</name>
    <message>
        <source>Choose: {}</source>
        <translation>选择：{}</translation>
    </message>
</context>
<context>
    <name>PhotoTabs</name>
    <message>
        <source>Open photos</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>Close the photo</source>
        <translation>关闭照片</translation>
    </message>
    <message>
        <source>untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>ProposalOverlay</name>
    <message>
        <source>Select all</source>
        <translation>全部选择</translation>
    </message>
    <message>
        <source>Reject all</source>
        <translation>全部拒绝</translation>
    </message>
    <message>
        <source>Found: {}. More may have been missed.</source>
        <translation>找到 {} 个，可能还有遗漏。</translation>
    </message>
    <message>
        <source>Face {}</source>
        <translation>人脸 {}</translation>
    </message>
    <message>
        <source>Person {}</source>
        <translation>人物 {}</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Look in:</source>
        <translation>查找范围：</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>文件类型：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>RacePage</name>
    <message>
        <source>The candidates are about to start…</source>
        <translation>候选即将开始…</translation>
    </message>
    <message>
        <source>{} of {} candidates. Click pins, × drops.</source>
        <translation>{} / {} 个候选。单击固定，× 淘汰。</translation>
    </message>
    <message>
        <source>Candidate {}, pinned</source>
        <translation>候选 {}，已固定</translation>
    </message>
    <message>
        <source>Candidate {}</source>
        <translation>候选 {}</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Preparing</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Adding detail</source>
        <translation>添加细节</translation>
    </message>
    <message>
        <source>Blending</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>region {} of {}</source>
        <translation>区域 {} / {}</translation>
    </message>
    <message>
        <source>{:.0f} %</source>
        <translation>{:.0f} %</translation>
    </message>
    <message>
        <source>step {} of {}</source>
        <translation>步骤 {} / {}</translation>
    </message>
    <message>
        <source>{:.1g} s</source>
        <translation>{:.1g} 秒</translation>
    </message>
    <message>
        <source>{:.0f} s</source>
        <translation>{:.0f} 秒</translation>
    </message>
    <message>
        <source>{:.0f} min</source>
        <translation>{:.0f} 分钟</translation>
    </message>
    <message>
        <source>Loss {:.3g} (contextual {:.3g}, perceptual {:.3g})</source>
        <translation>损失 {:.3g}（上下文 {:.3g}，感知 {:.3g}）</translation>
    </message>
    <message>
        <source>{:.1f} s on {} · budget: {} · seed {}</source>
        <translation>{:.1f} 秒，{} · 计算量：{} · 种子 {}</translation>
    </message>
    <message>
        <source>Region {}, {} × {}</source>
        <translation>区域 {}，{} × {}</translation>
    </message>
    <message>
        <source>{} candidates, {} steps</source>
        <translation>{} 个候选，{} 步</translation>
    </message>
    <message>
        <source>{} {:.1f} s</source>
        <translation>{} {:.1f} 秒</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>No prior fits this region; texture only</source>
        <translation>没有先验网络适合该区域；仅用纹理</translation>
    </message>
    <message>
        <source>fits well</source>
        <translation>很适合</translation>
    </message>
    <message>
        <source>The prior fits well: on {:.0f} % of the images of its own kind it errs more</source>
        <translation>先验网络很适合：在 {:.0f} % 的同类图像上误差更大</translation>
    </message>
    <message>
        <source>fits fairly</source>
        <translation>较适合</translation>
    </message>
    <message>
        <source>The prior fits fairly: on {:.0f} % of the images of its own kind it errs more</source>
        <translation>先验网络较适合：在 {:.0f} % 的同类图像上误差更大</translation>
    </message>
    <message>
        <source>hardly fits</source>
        <translation>不太适合</translation>
    </message>
    <message>
        <source>The prior hardly fits: on only {:.0f} % of images of its own kind it errs more</source>
        <translation>先验网络不太适合：仅在 {:.0f} % 的同类图像上误差更大</translation>
    </message>
    <message>
        <source>Misses the known pixels by {:.1%}</source>
        <translation>与已知像素相差 {:.1%}</translation>
    </message>
    <message>
        <source>Misses the known pixels by {:.1%} (up to {:.1%} is usual)</source>
        <translation>与已知像素相差 {:.1%}（通常不超过 {:.1%}）</translation>
    </message>
</context>
<context>
    <name>ResultHandle</name>
    <message>
        <source>Drag the result to another program or folder</source>
        <translation>把结果拖到其他程序或文件夹</translation>
    </message>
    <message>
        <source>Drag this handle to where the result is wanted.</source>
        <translation>把此手柄拖到需要结果的地方。</translation>
    </message>
    <message>
        <source>The result cannot be dragged out.</source>
        <translation>无法拖出结果。</translation>
    </message>
</context>
<context>
    <name>Samples</name>
    <message>
        <source>Astronaut</source>
        <translation>宇航员</translation>
    </message>
    <message>
        <source>Hilltop</source>
        <translation>山顶</translation>
    </message>
    <message>
        <source>Mountain</source>
        <translation>高山</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>肖像</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking for people… {:.0f} %</source>
        <translation>正在查找人物… {:.0f} %</translation>
    </message>
</context>
<context>
    <name>SearchPanel</name>
    <message>
        <source>While a fill searches, its leading candidates show here: click to pin, × to drop. Afterwards: its variations, its steps, and blends.</source>
        <translation>填充搜索时，领先的候选显示在这里：单击固定，× 淘汰。之后可查看变体、各步骤和混合。</translation>
    </message>
</context>
<context>
    <name>Selecting</name>
    <message>
        <source>Nothing was selected there.</source>
        <translation>那里没有选到任何东西。</translation>
    </message>
    <message>
        <source>Looking for people… Esc cancels.</source>
        <translation>正在查找人物… 按 Esc 取消。</translation>
    </message>
    <message>
        <source>The search was cancelled. Nothing was changed.</source>
        <translation>查找已取消，没有任何更改。</translation>
    </message>
    <message>
        <source>Faces found: {}. Small, tilted and covered ones may be missed.</source>
        <translation>找到 {} 张人脸。较小、倾斜或被遮挡的可能遗漏。</translation>
    </message>
    <message>
        <source>No face was found. Small, tilted and covered faces are missed; mark them by hand.</source>
        <translation>没有找到人脸。较小、倾斜或被遮挡的人脸会遗漏，请手动标记。</translation>
    </message>
    <message>
        <source>People found: {}. Some may have been missed, and some may be no people.</source>
        <translation>找到 {} 处人物。可能有遗漏，也可能有误认。</translation>
    </message>
    <message>
        <source>Nobody was found. Small and hidden people may be missed; mark them by hand.</source>
        <translation>没有找到人物。较小或被遮挡的人可能遗漏，请手动标记。</translation>
    </message>
    <message>
        <source>The photo changed meanwhile, so the selection was dropped.</source>
        <translation>照片在此期间已改变，选择已丢弃。</translation>
    </message>
    <message>
        <source>The selection did not succeed.</source>
        <translation>选择没有成功。</translation>
    </message>
</context>
<context>
    <name>SettingNames</name>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>画布</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Filling</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Autosave after</source>
        <translation>自动保存间隔</translation>
    </message>
    <message>
        <source>Recipes beside exports</source>
        <translation>导出时附带配方</translation>
    </message>
    <message>
        <source>Wheel zooms</source>
        <translation>滚轮缩放</translation>
    </message>
    <message>
        <source>Mask colour</source>
        <translation>蒙版颜色</translation>
    </message>
    <message>
        <source>Mask opacity</source>
        <translation>蒙版不透明度</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>Brush hardness</source>
        <translation>画笔硬度</translation>
    </message>
    <message>
        <source>Brush smoothing</source>
        <translation>画笔平滑</translation>
    </message>
    <message>
        <source>Pen pressure changes</source>
        <translation>笔压控制</translation>
    </message>
    <message>
        <source>Wand tolerance</source>
        <translation>魔棒容差</translation>
    </message>
    <message>
        <source>Wand: connected only</source>
        <translation>魔棒：仅相连</translation>
    </message>
    <message>
        <source>Prior</source>
        <translation>先验网络</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>计算量</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选数</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>变体数</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Undo steps in memory</source>
        <translation>内存中的撤销步骤</translation>
    </message>
    <message>
        <source>Older undo steps on disk</source>
        <translation>磁盘上的较早步骤</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Magenta</source>
        <translation>品红</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The prior to search: auto, or a prior&apos;s name.</source>
        <translation>要搜索的先验网络：自动，或某个网络的名称。</translation>
    </message>
    <message>
        <source>How thoroughly to search.</source>
        <translation>搜索的细致程度。</translation>
    </message>
    <message>
        <source>How many latent codes compete; empty: what the preset says.</source>
        <translation>参与竞争的潜变量数；留空则按预设。</translation>
    </message>
    <message>
        <source>How many different fills of a hole to make, to choose from.</source>
        <translation>每个孔洞生成多少个不同的填充以供选择。</translation>
    </message>
    <message>
        <source>Start of the random numbers; the same seed repeats a fill.</source>
        <translation>随机数的起点；相同的种子重复相同的填充。</translation>
    </message>
    <message>
        <source>Where to compute: auto, or a device&apos;s name.</source>
        <translation>计算位置：自动，或某个设备的名称。</translation>
    </message>
    <message>
        <source>Diameter of the brush in image pixels.</source>
        <translation>画笔直径，以图像像素计。</translation>
    </message>
    <message>
        <source>The part of the brush&apos;s radius that is painted fully; the rest fades.</source>
        <translation>画笔半径中完全涂满的部分；其余逐渐变淡。</translation>
    </message>
    <message>
        <source>How far the brush trails the pointer, in diameters: calms a trembling hand.</source>
        <translation>画笔落后于指针的距离，以直径计：使抖动的线条平稳。</translation>
    </message>
    <message>
        <source>What the pressure of a pen changes.</source>
        <translation>压感笔的压力控制什么。</translation>
    </message>
    <message>
        <source>How different a colour may be for the magic wand to take it too.</source>
        <translation>颜色相差多少以内魔棒也会选中。</translation>
    </message>
    <message>
        <source>The magic wand takes only what is connected to the clicked place.</source>
        <translation>魔棒只选与单击处相连的部分。</translation>
    </message>
    <message>
        <source>Colour of the mask on the photo; all are told apart by colour-blind people.</source>
        <translation>蒙版在照片上的颜色；色盲者也能分辨所有选项。</translation>
    </message>
    <message>
        <source>How strongly the mask covers the photo.</source>
        <translation>蒙版覆盖照片的程度。</translation>
    </message>
    <message>
        <source>The wheel zooms without Ctrl; otherwise it pans.</source>
        <translation>滚轮无需 Ctrl 即可缩放；否则用于平移。</translation>
    </message>
    <message>
        <source>Language of the window; another one is used from the next start on.</source>
        <translation>窗口语言；更改后从下次启动起生效。</translation>
    </message>
    <message>
        <source>Light or dark window.</source>
        <translation>浅色或深色窗口。</translation>
    </message>
    <message>
        <source>Write a recipe beside every export.</source>
        <translation>每次导出时在旁边写一份配方。</translation>
    </message>
    <message>
        <source>Seconds after a change until the session is kept for a crash.</source>
        <translation>更改后经过多少秒保存会话以防意外退出。</translation>
    </message>
    <message>
        <source>Memory for undo steps.</source>
        <translation>撤销步骤可用的内存。</translation>
    </message>
    <message>
        <source>Disk space for older undo steps that do not fit into their memory; 0: none.</source>
        <translation>内存放不下的较早撤销步骤可用的磁盘空间；0 表示不用。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Customise shortcuts</source>
        <translation>自定义快捷键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其按键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Assign</source>
        <translation>指定</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>New keys:</source>
        <translation>新按键：</translation>
    </message>
    <message>
        <source>Choose an action first.</source>
        <translation>请先选择一个操作。</translation>
    </message>
    <message>
        <source>“{}” has these keys already.</source>
        <translation>“{}”已使用这些按键。</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>mask {:.2g} %</source>
        <translation>蒙版 {:.2g} %</translation>
    </message>
    <message>
        <source>mask {:.0f} %</source>
        <translation>蒙版 {:.0f} %</translation>
    </message>
    <message>
        <source>Loading the engine…</source>
        <translation>正在加载引擎…</translation>
    </message>
    <message>
        <source>automatic ({})</source>
        <translation>自动（{}）</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>{} · prior {}</source>
        <translation>{} · 先验网络 {}</translation>
    </message>
</context>
<context>
    <name>ToolOptions</name>
    <message>
        <source>Add to the mask</source>
        <translation>添加到蒙版</translation>
    </message>
    <message>
        <source>Take away from the mask (Alt)</source>
        <translation>从蒙版减去（Alt）</translation>
    </message>
    <message>
        <source>Keep only what both have (Alt+Shift)</source>
        <translation>只保留两者共有的部分（Alt+Shift）</translation>
    </message>
    <message>
        <source>Replace the mask</source>
        <translation>替换蒙版</translation>
    </message>
    <message>
        <source>Drag around it</source>
        <translation>沿物体边缘拖动</translation>
    </message>
    <message>
        <source>Click corners, double-click to close</source>
        <translation>单击添加顶点，双击闭合</translation>
    </message>
    <message>
        <source>Drag a corner, Shift: square</source>
        <translation>拖动一角，Shift：正方形</translation>
    </message>
    <message>
        <source>Drag a corner, Shift: circle</source>
        <translation>拖动一角，Shift：正圆</translation>
    </message>
    <message>
        <source>Scribble on it, Alt: not this</source>
        <translation>在物体上涂画，Alt：不是这个</translation>
    </message>
    <message>
        <source>Drag: what the network sees. Corners, sides and handle change it. Click: automatic</source>
        <translation>拖动：网络所看到的范围。可用角、边和手柄修改。单击：自动</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Allow all sources</source>
        <translation>允许全部取样</translation>
    </message>
    <message>
        <source>What is striped is never copied into the hole. Alt: allow it</source>
        <translation>带条纹的区域绝不会复制到空洞中。Alt：允许</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>Connected only</source>
        <translation>仅相连</translation>
    </message>
    <message>
        <source>Begin with a box</source>
        <translation>先画方框</translation>
    </message>
</context>
<context>
    <name>Uncertainty</name>
    <message>
        <source>candidates agree</source>
        <translation>候选一致</translation>
    </message>
    <message>
        <source>differ by {:.0f} % or more</source>
        <translation>相差 {:.0f} % 以上</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Drop a photo here</source>
        <translation>将照片拖到这里</translation>
    </message>
    <message>
        <source>Paint over what should go or what is missing, then press Fill.</source>
        <translation>涂抹要去掉或缺失的部分，然后按“填充”。</translation>
    </message>
    <message>
        <source>Open photo…</source>
        <translation>打开照片…</translation>
    </message>
    <message>
        <source>or try a sample</source>
        <translation>或试用示例</translation>
    </message>
</context>
</TS>
